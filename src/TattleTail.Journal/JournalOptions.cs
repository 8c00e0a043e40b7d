using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>Where the journal lives and how it is sized.</summary>
public sealed record JournalOptions
{
    /// <summary>The folder of the segment files.</summary>
    public required string Folder { get; init; }

    /// <summary>The file system.</summary>
    public required IFileSystem Files { get; init; }

    /// <summary>The clock: marks on an idle journal, back-off, sync durations.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Runs the writer loop; one thread of its own in production.</summary>
    public required TaskScheduler Writer { get; init; }

    /// <summary>Runs the sync loop, which blocks in fdatasync; one thread of its own in production.</summary>
    public required TaskScheduler Sync { get; init; }

    /// <summary>Bytes of a segment file. Default 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Largest entry payload in bytes; a larger append is refused. Default 128 MiB.</summary>
    public int MaxEntryBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Trimmed segments kept for reuse. Default 4.</summary>
    public int MaxSpareSegments { get; init; } = 4;

    /// <summary>
    /// Bytes of the newest closed segments that may stay in the system's page cache. Default 1 GiB. Older ones leave it when they fall behind, so that new ones get memory that is in use already:
    /// the first touch of new memory costs a virtual machine more than the write, and other processes keep theirs.
    /// </summary>
    public long PageCacheBytes { get; init; } = 1024L * 1024 * 1024;

    /// <summary>An idle journal with entries after the last mark appends a mark after this time, so that recovery learns that they were durable. Default 1 s.</summary>
    public TimeSpan MarkAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Memory for footers of closed segments. Default 64 MiB.</summary>
    public long FooterCacheBytes { get; init; } = 64 * 1024 * 1024;
}
