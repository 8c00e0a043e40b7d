using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Server.Configuration;
using TattleTail.Storage.Local;

namespace TattleTail.Server.Hosting;

/// <summary>The threads of a log: one each for the journal's writer, its sync, sealing, commits to the archive and its reads, so that none holds up another.</summary>
internal sealed class LogThreads : IDisposable
{
    private readonly DedicatedThread _writer = new("journal-writer", ThreadPriority.AboveNormal);
    private readonly DedicatedThread _sync = new("journal-sync", ThreadPriority.AboveNormal);
    private readonly DedicatedThread _sealer = new("sealer", ThreadPriority.BelowNormal);
    private readonly DedicatedThread _commits = new("archive-commits", ThreadPriority.BelowNormal);
    private readonly DedicatedThread _reads = new("archive-reads");

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
