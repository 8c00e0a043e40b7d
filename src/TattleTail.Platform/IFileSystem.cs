namespace TattleTail.Platform;

/// <summary>
/// The files of one machine, as the journal and the local store need them: the port at which the simulator takes their place.
/// Paths are absolute, or relative to the process. Every method may be called concurrently. Every failure is a
/// <see cref="FileSystemException"/> that carries the path and the kind of failure.
/// </summary>
public interface IFileSystem
{
    /// <summary>Tells whether a file (not a directory) of that path exists.</summary>
    bool FileExists(string path);

    /// <summary>Tells whether a directory of that path exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>The names (not paths) of the files in a directory, in ordinal order; empty when it does not exist.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>The names (not paths) of the directories in a directory, in ordinal order; empty when it does not exist.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Creates a directory and its missing parents. Durable only after <see cref="SyncDirectoryAsync"/> of each parent.</summary>
    void CreateDirectory(string path);

    /// <summary>Creates a file that must not exist, for reading and writing. Its name is durable after <see cref="SyncDirectoryAsync"/>.</summary>
    IFile CreateFile(string path);

    /// <summary>Opens an existing file.</summary>
    IFile OpenFile(string path, FileAccess access);

    /// <summary>Gives an existing file a second name that must not exist: the atomic put-if-absent of a file system.</summary>
    void Link(string existing, string created);

    /// <summary>Renames a file, replacing <paramref name="to"/> when it exists.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file's name. Open handles keep reading. No error when it does not exist.</summary>
    void DeleteFile(string path);

    /// <summary>
    /// Makes the names in a directory durable (fsync of the directory; nothing on Windows). May block the calling thread; a simulated
    /// one completes later on the caller's scheduler.
    /// </summary>
    ValueTask SyncDirectoryAsync(string directory);

    /// <summary>Bytes that an unprivileged writer could still store beside that path.</summary>
    long AvailableBytes(string path);
}
