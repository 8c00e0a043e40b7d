using TattleTail.Log;
using TattleTail.Server.Configuration;
using TattleTail.Server.Folders;

namespace TattleTail.Server.Hosting;

/// <summary>The log of a data folder that no node is using, opened for a command. Holds the folder until disposed; nothing is sealed unless asked for.</summary>
public sealed class OfflineLog : IAsyncDisposable
{
    private readonly LogThreads _threads;

    private OfflineLog(DataFolder folder, LogThreads threads, EventLog log)
    {
        Folder = folder;
        _threads = threads;
        Log = log;
    }

    /// <summary>The folder.</summary>
    public DataFolder Folder { get; }

    /// <summary>The log.</summary>
    public EventLog Log { get; }

    /// <summary>Opens the log of <see cref="NodeConfig.DataFolder"/>, which must exist. Throws <see cref="StartException"/>; <see cref="StartFault.FolderInUse"/> when a node has it.</summary>
    public static async ValueTask<OfflineLog> OpenAsync(NodeConfig config, NodePorts? ports = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        ports ??= new NodePorts();
        var folder = await DataFolder.OpenAsync(config.DataFolder, ports.Files, create: false);
        var threads = new LogThreads();
        try
        {
            folder.Describe(new RunningNode(Environment.ProcessId, null, null, NodeVersion.Text, ports.Clock.GetUtcNow()));
            var options = LogThreads.Options(config, folder.Journal) with { SealAge = TimeSpan.FromDays(365), SealBytes = long.MaxValue };
            return new OfflineLog(folder, threads, await LogOpening.OpenAsync(threads, options, config.ArchiveFolder, ports, observer: null));
        }
        catch
        {
            threads.Dispose();
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Closes the log and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _threads.Dispose();
        Folder.Dispose();
    }
}
