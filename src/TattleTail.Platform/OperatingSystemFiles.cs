namespace TattleTail.Platform;

/// <summary>
/// The files of the machine that this process runs on. Production is Linux; macOS and Windows are for development. Syncs call the system directly: .NET's own
/// <c>FileStream.Flush(true)</c> and <c>RandomAccess.FlushToDisk</c> report success on Linux when fsync fails.
/// </summary>
public sealed class OperatingSystemFiles : IFileSystem
{
    /// <inheritdoc />
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc />
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc />
    public IReadOnlyList<string> ListFiles(string directory) => List(directory, d => new DirectoryInfo(d).EnumerateFiles());

    /// <inheritdoc />
    public IReadOnlyList<string> ListDirectories(string directory) => List(directory, d => new DirectoryInfo(d).EnumerateDirectories());

    /// <inheritdoc />
    public void CreateDirectory(string path) => Translate("mkdir", path, () => Directory.CreateDirectory(path));

    /// <inheritdoc />
    public IFile CreateFile(string path) => Translate("create", path, () => OperatingSystemFile.Open(path, FileMode.CreateNew, FileAccess.ReadWrite));

    /// <inheritdoc />
    public IFile OpenFile(string path, FileAccess access) => Translate("open", path, () => OperatingSystemFile.Open(path, FileMode.Open, access));

    /// <inheritdoc />
    public void Link(string existing, string created) => NativeFiles.Link(existing, created);

    /// <inheritdoc />
    public void Rename(string from, string to) => Translate("rename", from, () => File.Move(from, to, overwrite: true));

    /// <inheritdoc />
    public void DeleteFile(string path)
    {
        try
        {
            Translate("delete", path, () => File.Delete(path));
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.NotFound)
        {
            // Its directory is not there either: the name is gone, which is all that was asked.
        }
    }

    /// <inheritdoc />
    public ValueTask SyncDirectoryAsync(string directory)
    {
        NativeFiles.SyncDirectory(directory);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc />
    public long AvailableBytes(string path) => Translate("statvfs", path, () => new DriveInfo(Path.GetFullPath(path)).AvailableFreeSpace);

    private static string[] List(string directory, Func<string, IEnumerable<FileSystemInfo>> entries)
    {
        try
        {
            return Translate("list", directory, () => entries(directory).Select(e => e.Name).Order(StringComparer.Ordinal).ToArray());
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.NotFound)
        {
            return [];
        }
    }

    private static T Translate<T>(string operation, string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is (IOException or UnauthorizedAccessException) and not FileSystemException)
        {
            throw FileSystemFault.From(e, operation, path);
        }
    }

    private static void Translate(string operation, string path, Action action) => Translate(operation, path, () =>
    {
        action();
        return true;
    });
}
