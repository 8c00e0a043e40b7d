using TattleTail.Archive;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Server.Folders;
using TattleTail.Storage;

namespace TattleTail.Server.Hosting;

/// <summary>Opens a log, and says in words for the user why it can't be opened.</summary>
internal static class LogOpening
{
    public static async ValueTask<EventLog> OpenAsync(LogThreads threads, LogOptions options, string archive, NodePorts ports, ILogObserver? observer)
    {
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
        catch (Exception e) when (e is ArchiveFormatException or LogUnavailableException or InvalidDataException)
        {
            throw new StartException(StartFault.LogUnusable, $"the log in {options.JournalFolder} can't be opened: {e.Message}", e);
        }
    }
}
