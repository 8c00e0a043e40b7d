using System.Security.Cryptography;
using TattleTail.Platform;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Folders;

/// <summary>What is done to a folder before it is trusted with events.</summary>
internal static class FolderPreparation
{
    public static string Absolute(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new StartException(StartFault.FolderUnusable, $"'{path}' is not the path of a folder: {e.Message}", e);
        }
    }

    /// <summary>Makes the folder, or finds it.</summary>
    public static void Enter(string path, IFileSystem files, bool create)
    {
        if (files.FileExists(path))
        {
            throw new StartException(StartFault.FolderUnusable, $"{path} is a file, not a folder: name a folder with --data");
        }

        if (!create && !files.DirectoryExists(path))
        {
            throw new StartException(StartFault.FolderUnusable, $"there is no data folder {path}: name one with --data, or start a node there with 'tattletail up'");
        }

        try
        {
            files.CreateDirectory(path);
        }
        catch (FileSystemException e)
        {
            throw Refused(path, e);
        }
    }

    /// <summary>Writes a file, syncs it, links it, syncs the directory: what every append and every archived file relies on.</summary>
    public static async ValueTask ProveAsync(string path, IFileSystem files)
    {
        var probe = Path.Combine(path, $".probe-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var link = probe + "-link";
        foreach (var leftOver in files.ListFiles(path).Where(n => n.StartsWith(".probe-", StringComparison.Ordinal)))
        {
            files.DeleteFile(Path.Combine(path, leftOver));
        }

        try
        {
            using (var file = files.CreateFile(probe))
            {
                file.Write(0, "probe"u8);
                await file.SyncAsync();
            }

            files.Link(probe, link);
            await files.SyncDirectoryAsync(path);
        }
        finally
        {
            files.DeleteFile(link);
            files.DeleteFile(probe);
        }
    }

    /// <summary>A failure of the file system in words for the user.</summary>
    public static StartException Refused(string path, FileSystemException e) => e.Error switch
    {
        FileSystemError.Denied => new(StartFault.FolderUnusable, $"the data folder {path} can't be written by this user ({e.Message}): change its owner or mode, or choose another with --data", e),
        FileSystemError.NoSpace => new(StartFault.FolderUnusable, $"there is no room on the file system of {path} ({e.Message}): make room, or choose another folder with --data", e),
        FileSystemError.NotFound => new(StartFault.FolderUnusable, $"the data folder {path} can't be entered ({e.Message}): is a part of the path a file? Choose another with --data", e),
        FileSystemError.Unsupported => new(StartFault.FileSystemUnfit, $"the file system of {path} can't do what keeping events needs ({e.Message}): use one with hard links and fsync, such as ext4, xfs or btrfs", e),
        _ => new(StartFault.FileSystemUnfit, $"the file system of {path} failed ({e.Message}): check the disk, or choose another folder with --data", e),
    };
}
