namespace TattleTail.Platform;

/// <summary>
/// The exclusive hold of one process on a folder, for as long as it lives: an operating-system lock on <c>node.lock</c>, which a dying process lets go of by itself. What the owner says of itself
/// stands beside it in <c>node.json</c>, which anybody can read.
/// </summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the locked file.</summary>
    public const string LockName = "node.lock";

    /// <summary>Name of the file with what the owner says of itself.</summary>
    public const string OwnerName = "node.json";

    private readonly string _folder;
    private readonly FileStream _stream;

    private FolderLock(string folder, FileStream stream)
    {
        _folder = folder;
        _stream = stream;
    }

    /// <summary>Takes the lock of an existing folder; null when another process has it. Other failures are a <see cref="FileSystemException"/>.</summary>
    public static FolderLock? TryAcquire(string folder)
    {
        var path = Path.Combine(folder, LockName);
        try
        {
            return new FolderLock(folder, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var fault = FileSystemFault.From(e, "lock", path);
            return fault.Error == FileSystemError.Busy ? null : throw fault;
        }
    }

    /// <summary>What the folder's present owner said of itself; null when nobody holds the lock or it has said nothing yet.</summary>
    public static string? ReadOwner(string folder)
    {
        if (!File.Exists(Path.Combine(folder, LockName)))
        {
            return null;
        }

        using (var mine = TryAcquire(folder))
        {
            if (mine is not null)
            {
                return null;
            }
        }

        try
        {
            return File.ReadAllText(Path.Combine(folder, OwnerName));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Replaces what others read of the owner, whole or not at all.</summary>
    public void Describe(string text)
    {
        var path = Path.Combine(_folder, OwnerName);
        var temporary = path + ".tmp";
        try
        {
            File.WriteAllText(temporary, text);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileSystemFault.From(e, "write", path);
        }
    }

    /// <summary>Withdraws the description and lets go.</summary>
    public void Dispose()
    {
        if (_stream.CanRead)
        {
            File.Delete(Path.Combine(_folder, OwnerName));
        }

        _stream.Dispose();
    }
}
