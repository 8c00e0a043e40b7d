using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>
/// Directories under a store's root and whether their own entries are known to be on disk. A directory that this instance did not see synced is synced in its parent before anything is promised
/// about what lies in it: it may have been made by a process that died before its sync.
/// </summary>
internal sealed class DurableDirectories(IFileSystem files, string root)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Creates the directory (a name relative to the root, without a slash at its end; empty for the root) and its parents, and syncs each one's entry.</summary>
    public async ValueTask EnsureAsync(string directory)
    {
        if (directory.Length == 0 || IsKnown(directory))
        {
            return;
        }

        var parent = ParentOf(directory);
        await EnsureAsync(parent);
        if (!files.DirectoryExists(PathOf(directory)))
        {
            files.CreateDirectory(PathOf(directory));
        }

        await files.SyncDirectoryAsync(PathOf(parent));
        lock (_lock)
        {
            _known.Add(directory);
        }
    }

    /// <summary>The path of a name.</summary>
    public string PathOf(string name) => name.Length == 0 ? root : $"{root}/{name}";

    /// <summary>The directory that a name lies in; empty for the root.</summary>
    public static string ParentOf(string name) => name[..Math.Max(0, name.LastIndexOf('/'))];

    private bool IsKnown(string directory)
    {
        lock (_lock)
        {
            return _known.Contains(directory);
        }
    }
}
