using TattleTail.Platform;

namespace TattleTail.Storage.Tests;

/// <summary>The machine's files, with a list of what was done to them and a chance to fail.</summary>
internal sealed class RecordingFiles : IFileSystem
{
    private readonly OperatingSystemFiles _files = new();

    public List<string> Done { get; } = [];

    /// <summary>Given what is about to be done, such as <c>sync /x/y</c>: the error to fail with, or null.</summary>
    public Func<string, FileSystemError?> Fail { get; set; } = _ => null;

    public bool FileExists(string path) => _files.FileExists(path);

    public bool DirectoryExists(string path) => _files.DirectoryExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => _files.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => _files.ListDirectories(directory);

    public void CreateDirectory(string path)
    {
        Step($"mkdir {path}");
        _files.CreateDirectory(path);
    }

    public IFile CreateFile(string path)
    {
        Step($"create {path}");
        return new RecordingFile(this, _files.CreateFile(path));
    }

    public IFile OpenFile(string path, FileAccess access) => _files.OpenFile(path, access);

    public void Link(string existing, string created)
    {
        Step($"link {created}");
        _files.Link(existing, created);
    }

    public void Rename(string from, string to)
    {
        Step($"rename {to}");
        _files.Rename(from, to);
    }

    public void DeleteFile(string path)
    {
        Step($"delete {path}");
        _files.DeleteFile(path);
    }

    public ValueTask SyncDirectoryAsync(string directory)
    {
        Step($"syncdir {directory}");
        return _files.SyncDirectoryAsync(directory);
    }

    public long AvailableBytes(string path) => _files.AvailableBytes(path);

    private void Step(string what)
    {
        if (Fail(what) is { } error)
        {
            throw new FileSystemException(error, what.Split(' ')[0], what.Split(' ')[1], "as the test wants");
        }

        Done.Add(what);
    }

    private sealed class RecordingFile(RecordingFiles owner, IFile file) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public int Read(long position, Span<byte> buffer) => file.Read(position, buffer);

        public void Write(long position, ReadOnlySpan<byte> bytes)
        {
            owner.Step($"write {Path}");
            file.Write(position, bytes);
        }

        public ValueTask SyncAsync()
        {
            owner.Step($"sync {Path}");
            return file.SyncAsync();
        }

        public void Dispose() => file.Dispose();
    }
}
