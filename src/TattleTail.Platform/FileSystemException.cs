namespace TattleTail.Platform;

/// <summary>What kind of failure a file operation met, as far as callers act differently on it.</summary>
public enum FileSystemError
{
    /// <summary>The device or the kernel failed (EIO and whatever is not named below).</summary>
    Failed,

    /// <summary>No room (ENOSPC, EDQUOT).</summary>
    NoSpace,

    /// <summary>The name exists already (EEXIST).</summary>
    Exists,

    /// <summary>No such file or directory (ENOENT).</summary>
    NotFound,

    /// <summary>Not allowed (EACCES, EPERM, EROFS).</summary>
    Denied,

    /// <summary>This file system cannot do it (EOPNOTSUPP, ENOSYS, EXDEV, EMLINK).</summary>
    Unsupported,

    /// <summary>Somebody else holds it (EBUSY, a lock).</summary>
    Busy,
}

/// <summary>A file operation failed: which operation, on which path, why.</summary>
public sealed class FileSystemException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">The kind of failure.</param>
    /// <param name="operation">The operation in a word or two, such as <c>fdatasync</c>.</param>
    /// <param name="path">The path it was done on.</param>
    /// <param name="reason">The system's own words, such as <c>No space left on device (ENOSPC)</c>.</param>
    public FileSystemException(FileSystemError error, string operation, string path, string reason)
        : base($"{operation} {path}: {reason}")
    {
        Error = error;
        Operation = operation;
        Path = path;
    }

    /// <summary>The kind of failure.</summary>
    public FileSystemError Error { get; }

    /// <summary>The operation that failed.</summary>
    public string Operation { get; }

    /// <summary>The path it was done on.</summary>
    public string Path { get; }
}
