namespace TattleTail.Journal;

/// <summary>
/// The node's write-ahead log: segment files that hold every entry heard and not yet archived. One instance is one epoch: it is opened by recovery, and once a
/// write or a sync fails it is <see cref="Fault">faulted</see> for good: nothing more is acknowledged by it, what was durable can still be read, and the caller
/// opens the next epoch with <see cref="OpenAsync"/>. Layout: docs/formats/journal.md.
/// </summary>
/// <remarks>
/// Starts no threads: its writer loop and its sync loop run on <see cref="JournalOptions.Writer"/> and <see cref="JournalOptions.Sync"/>. Positions are int64, rise through all
/// segments and epochs, and count bytes.
/// </remarks>
public sealed class WriteAheadJournal : IAsyncDisposable
{
    /// <summary>
    /// Recovers the journal in a folder (an empty folder is a new journal) and opens it in a new epoch. When it returns, all that <see cref="ReadEntriesAsync"/> gives is synced.
    /// </summary>
    /// <param name="options">Folder, sizes, ports.</param>
    /// <param name="abandonAbove">After a failed sync: the durable position of the faulted instance; everything above it is abandoned even if it reads well. Null after a process start.</param>
    public static ValueTask<WriteAheadJournal> OpenAsync(JournalOptions options, long? abandonAbove = null) => throw new NotImplementedException();

    /// <summary>What recovery found.</summary>
    public RecoveryReport Recovery => throw new NotImplementedException();

    /// <summary>The epoch, rising with each opening, from 1.</summary>
    public int Epoch => throw new NotImplementedException();

    /// <summary>The position below which everything is on disk.</summary>
    public long Durable => throw new NotImplementedException();

    /// <summary>The position after the last entry accepted (durable or not).</summary>
    public long End => throw new NotImplementedException();

    /// <summary>Why nothing is acknowledged any more, or null while all is well.</summary>
    public Exception? Fault => throw new NotImplementedException();

    /// <summary>Completes (never faults) when the journal faults.</summary>
    public Task Faulted => throw new NotImplementedException();

    /// <summary>Bytes of all segment files but spares.</summary>
    public long Bytes => throw new NotImplementedException();

    /// <summary>Duration of syncs, for metrics: called on the sync scheduler with bytes and time per sync.</summary>
    public Action<long, TimeSpan>? Synced { get; set; }

    /// <summary>Position of the newest whole snapshot entry, or null.</summary>
    public long? LastSnapshot => throw new NotImplementedException();

    /// <summary>
    /// Queues a batch entry and returns at once; entries stand in the journal in the order of the calls. The task completes with the entry's position when it is on disk with its file's
    /// directory entry, or fails with <see cref="JournalFaultedException"/>: then the outcome is unknown. The caller's continuation never runs on the journal's schedulers.
    /// </summary>
    public Task<long> AppendAsync(BatchEntry entry) => throw new NotImplementedException();

    /// <summary>Queues a state change; as <see cref="AppendAsync(BatchEntry)"/>.</summary>
    public Task<long> AppendStateAsync(ReadOnlyMemory<byte> change) => throw new NotImplementedException();

    /// <summary>Queues a full snapshot of the state after all entries queued before it; as <see cref="AppendAsync(BatchEntry)"/>.</summary>
    public Task<long> AppendSnapshotAsync(ReadOnlyMemory<byte> snapshot) => throw new NotImplementedException();

    /// <summary>All durable entries from a position on, in order, batches and states; for replay at start. Buffers are valid until the next step.</summary>
    public IAsyncEnumerable<JournalEntry> ReadEntriesAsync(long from) => throw new NotImplementedException();

    /// <summary>
    /// Durable batches of one partition, from the one that holds (or, over a hole, follows) <paramref name="fromOffset"/>, up to <paramref name="maxBytes"/> but at least one; empty at the end or when
    /// they were trimmed away: check <see cref="FirstOffset"/>. Dispose to give the buffers and the hold on the segments back.
    /// </summary>
    public ValueTask<JournalRead> ReadAsync(StreamPartition partition, long fromOffset, int maxBytes) => throw new NotImplementedException();

    /// <summary>Offset of the partition's first event still in the journal, or null when there is none.</summary>
    public long? FirstOffset(StreamPartition partition) => throw new NotImplementedException();

    /// <summary>
    /// Base offset of the first durable batch at or after <paramref name="fromOffset"/> whose max timestamp (event clock, ms) or recording time (µs) is at or after <paramref name="time"/>; null when none is.
    /// </summary>
    public ValueTask<long?> FindAsync(StreamPartition partition, long fromOffset, long time, bool byRecorded) => throw new NotImplementedException();

    /// <summary>The segments from the oldest to the open one.</summary>
    public IReadOnlyList<SegmentSummary> Segments => throw new NotImplementedException();

    /// <summary>Which events each partition has in a segment; of the open segment, as of now.</summary>
    public ValueTask<IReadOnlyList<SegmentContent>> ReadContentAsync(long segment) => throw new NotImplementedException();

    /// <summary>
    /// Removes the segments below a number, oldest first, recycling them when no reader holds them. Refused with <see cref="InvalidOperationException"/> when the newest durable snapshot would go.
    /// The caller answers for every event in them being archived and verified.
    /// </summary>
    public ValueTask TrimAsync(long belowSegment) => throw new NotImplementedException();

    /// <summary>Ends the open segment after what is queued and begins another, so that the old one can be trimmed.</summary>
    public ValueTask RollAsync() => throw new NotImplementedException();

    /// <summary>Lets queued entries become durable, then closes. After a fault: closes.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
