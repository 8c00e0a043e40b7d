using TattleTail.Platform;
using TattleTail.Storage;

namespace TattleTail.Log;

/// <summary>How the log records, seals and trims.</summary>
public sealed record LogOptions
{
    /// <summary>The folder of the journal.</summary>
    public required string JournalFolder { get; init; }

    /// <summary>Journal bytes at which acknowledgements stop; they slow from 80 % on. Default 20 GiB.</summary>
    public long JournalQuotaBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Bytes of a journal segment. Default 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Estimated Parquet bytes at which a channel is sealed. Default 128 MiB.</summary>
    public long SealBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Age of the oldest unsealed event at which a channel is sealed. Default 5 min.</summary>
    public TimeSpan SealAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Least time between commits. Default 1 s, as fits a local store.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time a segment is kept after all of it is archived and verified. Default 10 min.</summary>
    public TimeSpan TrimDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Seals what is read before it is read, and reads everything from the archive: to prove that the archive serves as the journal does. Costs a commit for each read of something new.
    /// Default false.
    /// </summary>
    public bool ReadThroughArchive { get; init; }

    /// <summary>Journal bytes between snapshots of the state. Default 256 MiB.</summary>
    public long SnapshotBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The settings of channels that are created without any.</summary>
    public ChannelConfig DefaultConfig { get; init; } = new();

    /// <summary>Most channels on a node. Default 10,000.</summary>
    public int MaxChannels { get; init; } = 10_000;

    /// <summary>Most partitions of a channel. Default 10,000.</summary>
    public int MaxPartitions { get; init; } = 10_000;

    /// <summary>
    /// How far ahead of the clock the timestamps of a produced batch may be (Kafka's <c>message.timestamp.after.max.ms</c>); null: any. Default 1 h. Events appended one by one are not held to it.
    /// </summary>
    public TimeSpan? MaxTimestampAhead { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The node's name in the store. Default <c>node-1</c>.</summary>
    public string Node { get; init; } = "node-1";

    /// <summary>Throws <see cref="ArgumentException"/> on a value that cannot work.</summary>
    internal void Check()
    {
        if (Node.Length is 0 or > 64 || Node.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-')) || Node is "." or "..")
        {
            throw new ArgumentException($"a node's name has 1 to 64 of [A-Za-z0-9._-]: {Node}");
        }

        if (SealBytes < 1 || JournalQuotaBytes < 1 || SnapshotBytes < 1 || MaxChannels < 1 || MaxPartitions < 1)
        {
            throw new ArgumentException("sizes and limits are at least 1");
        }

        DefaultConfig.Check();
        if (SealAge < TimeSpan.Zero || CommitInterval < TimeSpan.Zero || TrimDelay < TimeSpan.Zero || MaxTimestampAhead < TimeSpan.Zero)
        {
            throw new ArgumentException("times are not below zero");
        }
    }
}

/// <summary>What the log reaches the world through.</summary>
public sealed record LogPorts
{
    /// <summary>The file system of the journal.</summary>
    public required IFileSystem Files { get; init; }

    /// <summary>Opens the archive's store; called again, with back-off, when it fails.</summary>
    public required Func<ValueTask<IObjectStore>> OpenStore { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Draws topic ids, file names and commit ids. Used only on the log's own schedulers or under its lock.</summary>
    public required Random Random { get; init; }

    /// <summary>Runs the journal's writer loop.</summary>
    public required TaskScheduler Writer { get; init; }

    /// <summary>Runs the journal's sync loop.</summary>
    public required TaskScheduler Sync { get; init; }

    /// <summary>Runs sealing and trimming.</summary>
    public required TaskScheduler Sealer { get; init; }

    /// <summary>Runs commits to the archive, so that the sealer encodes the next files meanwhile.</summary>
    public required TaskScheduler ArchiveCommits { get; init; }

    /// <summary>Runs reads of the archive; should leave the processor to the others.</summary>
    public required TaskScheduler ArchiveReads { get; init; }

    /// <summary>Told of what operators should know (recovery, faults, seals); null: nobody.</summary>
    public ILogObserver? Observer { get; init; }
}

/// <summary>Hears what happens in the log, on its schedulers; must not block or throw.</summary>
public interface ILogObserver
{
    /// <summary>The journal stopped acknowledging.</summary>
    void JournalFaulted(Exception fault);

    /// <summary>The journal acknowledges again.</summary>
    void JournalReopened(Journal.RecoveryReport report);

    /// <summary>Files were committed.</summary>
    void Sealed(SealReport report);

    /// <summary>Sealing failed and will be tried again.</summary>
    void SealFailed(Exception error);

    /// <summary>Segments were removed.</summary>
    void Trimmed(int segments, long bytes);

    /// <summary>A sync took that long.</summary>
    void Synced(long bytes, TimeSpan elapsed);
}
