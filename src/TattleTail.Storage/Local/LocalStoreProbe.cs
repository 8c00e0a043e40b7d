using System.Buffers;
using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>Proves at opening that a folder can do what the archive's atomic commits need, so that a file system without it is refused at start and not at the first seal.</summary>
internal static class LocalStoreProbe
{
    /// <summary>Creates the root and its missing parents, and makes their entries durable.</summary>
    public static async ValueTask EnsureRootAsync(IFileSystem files, string root)
    {
        var parent = Path.GetDirectoryName(root) is { Length: > 0 } above ? above : Path.IsPathRooted(root) ? null : ".";
        if (files.DirectoryExists(root))
        {
            await SyncExistingAsync(files, parent);
            return;
        }

        if (parent is not null)
        {
            await EnsureRootAsync(files, parent);
        }

        files.CreateDirectory(root);
        if (parent is not null)
        {
            await files.SyncDirectoryAsync(parent);
        }
    }

    /// <summary>Writes, syncs, links, links again.</summary>
    public static async ValueTask ProveAsync(IFileSystem files, TemporaryFiles temporary, string root)
    {
        byte[] content = [1];
        var first = await Prove("sync", () => temporary.WriteAsync("probe", new ReadOnlySequence<byte>(content)));
        var second = first + "-link";
        try
        {
            await Prove("hard-link", () =>
            {
                files.Link(first, second);
                return ValueTask.FromResult(second);
            });
            if (!RefusesSecondLink(files, first, second))
            {
                throw Lacks("refuse a name that exists when hard-linking", null);
            }
        }
        finally
        {
            temporary.Discard(second);
            temporary.Discard(first);
        }

        StoreException Lacks(string what, Exception? inner) => new(
            StoreError.Unsupported,
            $"the file system of {root} cannot {what} files, which atomic commits need: put the data folder on a local file system such as ext4, xfs, APFS or NTFS", inner);

        async ValueTask<string> Prove(string what, Func<ValueTask<string>> action)
        {
            try
            {
                return await action();
            }
            catch (FileSystemException e) when (e.Error is FileSystemError.Unsupported)
            {
                throw Lacks(what, e);
            }
            catch (FileSystemException e) when (what == "hard-link" && e.Error == FileSystemError.Denied)
            {
                // FAT and some network and FUSE file systems answer EPERM where others answer EOPNOTSUPP (link(2)).
                throw Lacks(what, e);
            }
        }
    }

    private static bool RefusesSecondLink(IFileSystem files, string first, string second)
    {
        try
        {
            files.Link(first, second);
            return false;
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.Exists)
        {
            return true;
        }
    }

    /// <summary>An earlier process may have created the root and died before the sync. Who may not read the parent did not create it.</summary>
    private static async ValueTask SyncExistingAsync(IFileSystem files, string? parent)
    {
        if (parent is null)
        {
            return;
        }

        try
        {
            await files.SyncDirectoryAsync(parent);
        }
        catch (FileSystemException e) when (e.Error == FileSystemError.Denied)
        {
            return;
        }
    }
}
