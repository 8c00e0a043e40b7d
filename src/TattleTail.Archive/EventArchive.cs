using TattleTail.Storage;

namespace TattleTail.Archive;

/// <summary>
/// Everything ever heard: one Delta table of Parquet files in a store. Which file holds what is kept in memory, read from the transaction log; nothing lists data directories. Safe
/// for concurrent use; commits are serialised. Layout: docs/formats/archive.md.
/// </summary>
public sealed class EventArchive : IDisposable
{
    /// <summary>
    /// Opens the table, creating it (protocol, metadata) when the store is empty. Refuses with <see cref="ArchiveFormatException"/> a table whose protocol is above what this version writes or whose
    /// schema is not ours. A store that is unreachable is a <see cref="StoreException"/>: the caller tries again later.
    /// </summary>
    public static ValueTask<EventArchive> OpenAsync(ArchiveOptions options) => throw new NotImplementedException();

    /// <summary>Version of the table as known here.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Reads commits that others made since.</summary>
    public ValueTask RefreshAsync(CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The next position (exclusive end) committed for a partition by the table's <c>txn</c>; null when none is.</summary>
    public long? SealedThrough(Guid topicId, int partition) => throw new NotImplementedException();

    /// <summary>Starts a Parquet file for one channel's incarnation and month; events are added in (partition, offset) order.</summary>
    public ArchiveFileWriter StartFile(ArchiveStream stream) => throw new NotImplementedException();

    /// <summary>
    /// Puts files in the store, reads each back against its hash, and commits them all at once with the new positions. Exactly once: on an unknown outcome it finds out.
    /// A <see cref="StoreException"/> means that nothing was committed as far as can be known now; trying again with the same events is safe.
    /// </summary>
    /// <param name="files">Finished files; disposed by the caller.</param>
    /// <param name="positions">Per (topic id, partition): the position it must be at now, and the next.</param>
    public ValueTask<SealOutcome> CommitAsync(IReadOnlyList<EncodedFile> files, IReadOnlyList<SealedPosition> positions) => throw new NotImplementedException();

    /// <summary>The live file that holds the partition's first event at or after an offset; null when there is none.</summary>
    public ArchiveFile? FindByOffset(Guid topicId, int partition, long offset) => throw new NotImplementedException();

    /// <summary>
    /// Files of the partition from <paramref name="fromOffset"/> on, in offset order, that may hold an event with a time at or after <paramref name="time"/>
    /// (ms of the event's raw timestamp, or µs of recording).
    /// </summary>
    public IReadOnlyList<ArchiveFile> FindByTime(Guid topicId, int partition, long fromOffset, long time, bool byRecorded) => throw new NotImplementedException();

    /// <summary>All live files, or a channel's, in (channel, incarnation, recorded) order.</summary>
    public IReadOnlyList<ArchiveFile> Files(string? channel = null) => throw new NotImplementedException();

    /// <summary>
    /// Events of one partition from an offset (or, over a hole, after it) as uncompressed RecordBatches of about 1 MiB or 500 events framed anew, up to <paramref name="maxBytes"/> but at least one;
    /// each carries the time of recording of its first event. Reads only the row groups that hold them.
    /// </summary>
    public ValueTask<ArchiveRead> ReadAsync(ArchiveFile file, int partition, long fromOffset, int maxBytes, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Reads a file back whole: size, SHA-256, rows, order, statistics, positions. Gives the faults, in words; empty when it is sound.</summary>
    public ValueTask<IReadOnlyList<string>> VerifyAsync(ArchiveFile file, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <inheritdoc />
    public void Dispose() => throw new NotImplementedException();
}
