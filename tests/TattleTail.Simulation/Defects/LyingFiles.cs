using TattleTail.Platform;

namespace TattleTail.Simulation.Defects;

/// <summary>A file system that passes everything on; the planted defects lie in what they override.</summary>
internal abstract class LyingFiles(IFileSystem inner) : IFileSystem
{
    protected IFileSystem Inner => inner;

    public bool FileExists(string path) => inner.FileExists(path);

    public bool DirectoryExists(string path) => inner.DirectoryExists(path);

    public IReadOnlyList<string> ListFiles(string directory) => inner.ListFiles(directory);

    public IReadOnlyList<string> ListDirectories(string directory) => inner.ListDirectories(directory);

    public void CreateDirectory(string path) => inner.CreateDirectory(path);

    public IFile CreateFile(string path) => Wrap(inner.CreateFile(path));

    public IFile OpenFile(string path, FileAccess access) => Wrap(inner.OpenFile(path, access));

    public void Link(string existing, string created) => inner.Link(existing, created);

    public void Rename(string from, string to) => inner.Rename(from, to);

    public void DeleteFile(string path) => inner.DeleteFile(path);

    public virtual ValueTask SyncDirectoryAsync(string directory) => inner.SyncDirectoryAsync(directory);

    public long AvailableBytes(string path) => inner.AvailableBytes(path);

    /// <summary>What a handle's sync does.</summary>
    protected virtual ValueTask SyncAsync(IFile file) => file.SyncAsync();

    /// <summary>What closing a handle does.</summary>
    protected virtual void Close(IFile file) => file.Dispose();

    private LyingFile Wrap(IFile file) => new(this, file);

    private sealed class LyingFile(LyingFiles owner, IFile inner) : IFile
    {
        public string Path => inner.Path;

        public long Length => inner.Length;

        public void Allocate(long length) => inner.Allocate(length);

        public void SetLength(long length) => inner.SetLength(length);

        public int Read(long position, Span<byte> buffer) => inner.Read(position, buffer);

        public void Write(long position, ReadOnlySpan<byte> bytes) => inner.Write(position, bytes);

        public ValueTask SyncAsync() => owner.SyncAsync(inner);

        public void Dispose() => owner.Close(inner);
    }
}
