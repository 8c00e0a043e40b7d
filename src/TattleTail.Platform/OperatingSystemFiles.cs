namespace TattleTail.Platform;

/// <summary>The files of the machine that this process runs on.</summary>
public sealed class OperatingSystemFiles : IFileSystem
{
    /// <inheritdoc />
    public bool FileExists(string path) => throw new NotImplementedException();

    /// <inheritdoc />
    public bool DirectoryExists(string path) => throw new NotImplementedException();

    /// <inheritdoc />
    public IReadOnlyList<string> ListFiles(string directory) => throw new NotImplementedException();

    /// <inheritdoc />
    public IReadOnlyList<string> ListDirectories(string directory) => throw new NotImplementedException();

    /// <inheritdoc />
    public void CreateDirectory(string path) => throw new NotImplementedException();

    /// <inheritdoc />
    public IFile CreateFile(string path) => throw new NotImplementedException();

    /// <inheritdoc />
    public IFile OpenFile(string path, FileAccess access) => throw new NotImplementedException();

    /// <inheritdoc />
    public void Link(string existing, string created) => throw new NotImplementedException();

    /// <inheritdoc />
    public void Rename(string from, string to) => throw new NotImplementedException();

    /// <inheritdoc />
    public void DeleteFile(string path) => throw new NotImplementedException();

    /// <inheritdoc />
    public ValueTask SyncDirectoryAsync(string directory) => throw new NotImplementedException();

    /// <inheritdoc />
    public long AvailableBytes(string path) => throw new NotImplementedException();
}
