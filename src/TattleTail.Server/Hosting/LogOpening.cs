using TattleTail.Archive;
using TattleTail.Journal;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Server.Folders;
using TattleTail.Storage;
using TattleTail.Storage.Local;

namespace TattleTail.Server.Hosting;

/// <summary>Opens a log, and says in words for the user why it can't be opened.</summary>
internal static class LogOpening
{
    public static async ValueTask<EventLog> OpenAsync(LogThreads threads, LogOptions options, string archive, NodePorts ports, ILogObserver? observer)
    {
        await RefuseUnfitArchiveAsync(archive, ports);
        try
        {
            return await threads.OpenAsync(options, archive, ports, observer);
        }
        catch (FileSystemException e)
        {
            throw FolderPreparation.Refused(options.JournalFolder, e);
        }
        catch (StoreException e)
        {
            throw new StartException(StartFault.LogUnusable, $"the archive in {archive} can't be used: {e.Message}", e);
        }
        catch (Exception e) when (e is JournalFormatException or JournalDamagedException or ArchiveFormatException or LogUnavailableException or InvalidDataException)
        {
            throw new StartException(StartFault.LogUnusable, $"the log in {options.JournalFolder} can't be opened: {e.Message}", e);
        }
    }

    /// <summary>A store that can never do what the archive needs is refused now; one that can't be reached now is tried again while the node records.</summary>
    private static async ValueTask RefuseUnfitArchiveAsync(string archive, NodePorts ports)
    {
        try
        {
            await LocalStore.OpenAsync(ports.Files, archive);
        }
        catch (StoreException e) when (e.Error == StoreError.Unsupported)
        {
            throw new StartException(StartFault.FileSystemUnfit, $"the archive can't live in {archive} ({e.Message}): use a file system with hard links and fsync, such as ext4, xfs or btrfs", e);
        }
        catch (StoreException)
        {
            // The log tries again, and health says so until it can be opened.
        }
    }
}
