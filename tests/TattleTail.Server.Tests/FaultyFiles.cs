using TattleTail.Platform;

namespace TattleTail.Server.Tests;

/// <summary>The machine's files, of which chosen operations fail: <c>create</c>, <c>link</c>, <c>sync</c>, <c>syncdir</c>, <c>write</c>.</summary>
internal sealed class FaultyFiles(IFileSystem inner) : IFileSystem
{
    /// <summary>The failure of an operation on a path; null: it is done.</summary>
    public Func<string, string, FileSystemError?> Fails { get; set; } = (_, _) => null;

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => inner.ListDirectories(directory);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IFile CreateFile(string path)
    {
        Check("create", path);
        return new FaultyFile(this, inner.CreateFile(path));
    }

    public IFile OpenFile(string path, FileAccess access) => new FaultyFile(this, inner.OpenFile(path, access));

    public void Link(string existing, string created)
    {
        Check("link", created);
        inner.Link(existing, created);
    }

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public ValueTask SyncDirectoryAsync(string directory)
    {
        Check("syncdir", directory);
        return inner.SyncDirectoryAsync(directory);
    }

    public long AvailableBytes(string path) => inner.AvailableBytes(path);

    private void Check(string operation, string path)
    {
        if (Fails(operation, path) is { } error)
        {
            throw new FileSystemException(error, operation, path, "injected");
        }
    }

    private sealed class FaultyFile(FaultyFiles files, IFile file) : IFile
    {
        public string Path => file.Path;

        public long Length => file.Length;

        public void Allocate(long length) => file.Allocate(length);

        public void SetLength(long length) => file.SetLength(length);

        public int Read(long position, Span<byte> buffer) => file.Read(position, buffer);

        public void Write(long position, ReadOnlySpan<byte> bytes)
        {
            files.Check("write", Path);
            file.Write(position, bytes);
        }

        public ValueTask SyncAsync()
        {
            files.Check("sync", Path);
            return file.SyncAsync();
        }

        public void Dispose() => file.Dispose();
    }
}
