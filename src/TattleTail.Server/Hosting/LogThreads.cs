using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Server.Configuration;
using TattleTail.Storage.Local;

namespace TattleTail.Server.Hosting;

/// <summary>The threads of a log, for the journal's writer, its sync, sealing, commits to the archive and reads of it, so that none holds up another. Reads of the archive have what the others leave of the processor.</summary>
internal sealed class LogThreads : IDisposable
{
    /// <summary>Enough to read one file while another is decoded.</summary>
    private const int Readers = 2;

    private readonly DedicatedThreads _writer = new("journal-writer", ThreadPriority.AboveNormal);
    private readonly DedicatedThreads _sync = new("journal-sync", ThreadPriority.AboveNormal);
    private readonly DedicatedThreads _sealer = new("sealer");
    private readonly DedicatedThreads _commits = new("archive-commits");
    private readonly DedicatedThreads _reads = new("archive-reads", ThreadPriority.Lowest, Readers);

    /// <summary>Opens a log on these threads. They must outlive it.</summary>
    public ValueTask<EventLog> OpenAsync(LogOptions options, string archive, NodePorts ports, ILogObserver? observer) => EventLog.OpenAsync(options, new LogPorts
    {
        Files = ports.Files,
        OpenStore = async () => await LocalStore.OpenAsync(ports.Files, archive),
        Clock = ports.Clock,
        Random = new Random(),
        Writer = _writer,
        Sync = _sync,
        Sealer = _sealer,
        ArchiveCommits = _commits,
        ArchiveReads = _reads,
        Observer = observer,
    });

    /// <summary>The log's options in a configuration.</summary>
    public static LogOptions Options(NodeConfig config, string journal) => new()
    {
        JournalFolder = journal,
        JournalQuotaBytes = config.JournalQuotaBytes,
        SegmentBytes = config.SegmentBytes,
        SnapshotBytes = config.SnapshotBytes,
        SealBytes = config.SealBytes,
        SealAge = config.SealAge,
        CommitInterval = config.CommitInterval,
        TrimDelay = config.TrimDelay,
        MaxChannels = config.MaxChannels,
        ReadThroughArchive = config.ReadThroughArchive,
        DefaultConfig = new ChannelConfig { MaxMessageBytes = config.MaxMessageBytes },
        Node = config.NodeName,
    };

    /// <summary>Ends the threads after what is queued.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _sync.Dispose();
        _sealer.Dispose();
        _commits.Dispose();
        _reads.Dispose();
    }
}
