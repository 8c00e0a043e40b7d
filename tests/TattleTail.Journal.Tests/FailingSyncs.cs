using System.Collections.Concurrent;
using TattleTail.Platform;

namespace TattleTail.Journal.Tests;

/// <summary>Files whose syncs fail while told to, and that know what was to leave the page cache.</summary>
internal sealed class FailingSyncs(IFileSystem inner) : IFileSystem
{
    private volatile bool _failSyncs;

    public bool FailSyncs
    {
        get => _failSyncs;
        set => _failSyncs = value;
    }

    /// <summary>Names of the files that were forgotten, in that order.</summary>
    public ConcurrentQueue<string> Forgotten { get; } = new();

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => inner.ListDirectories(directory);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IFile CreateFile(string path) => new FailingFile(this, inner.CreateFile(path));

    public IFile OpenFile(string path, FileAccess access) => new FailingFile(this, inner.OpenFile(path, access));

    public void Link(string existing, string created) => inner.Link(existing, created);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public ValueTask SyncDirectoryAsync(string directory) => inner.SyncDirectoryAsync(directory);

    public long AvailableBytes(string path) => inner.AvailableBytes(path);

    private sealed class FailingFile(FailingSyncs files, IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public void Allocate(long length) => inner.Allocate(length);

        public void SetLength(long length) => inner.SetLength(length);

        public int Read(long position, Span<byte> buffer) => inner.Read(position, buffer);

        public void Write(long position, ReadOnlySpan<byte> bytes) => inner.Write(position, bytes);

        public ValueTask SyncAsync() =>
            files.FailSyncs ? throw new FileSystemException(FileSystemError.Failed, "fdatasync", Path, "Input/output error (EIO)") : inner.SyncAsync();

        public void Forget() => files.Forgotten.Enqueue(System.IO.Path.GetFileName(Path));

        public void Dispose() => inner.Dispose();
    }
}
