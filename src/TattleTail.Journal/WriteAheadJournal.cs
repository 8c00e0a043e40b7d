using TattleTail.Platform;

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
    private readonly JournalOptions _options;
    private readonly SegmentCatalog _catalog;
    private readonly JournalReader _reader;
    private readonly GroupCommit _commit;
    private int _disposed;

    private WriteAheadJournal(JournalOptions options, SegmentCatalog catalog, int epoch, RecoveryReport recovery)
    {
        _options = options;
        _catalog = catalog;
        Epoch = epoch;
        Recovery = recovery;
        _reader = new JournalReader(options, catalog);
        _commit = new GroupCommit(options, catalog, epoch, recovery.BytesRescued > 0);
    }

    /// <summary>What recovery found.</summary>
    public RecoveryReport Recovery { get; }

    /// <summary>The epoch, rising with each opening, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The position below which everything is on disk.</summary>
    public long Durable => _commit.Queue.Durable;

    /// <summary>The position after the last entry written (durable or not).</summary>
    public long End => _commit.Queue.Position;

    /// <summary>Why nothing is acknowledged any more, or null while all is well.</summary>
    public Exception? Fault => _commit.Queue.Fault;

    /// <summary>Completes (never faults) when the journal faults.</summary>
    public Task Faulted => _commit.Queue.Faulted;

    /// <summary>Bytes of all segment files but spares.</summary>
    public long Bytes => _catalog.Bytes;

    /// <summary>Damage below what was durable: what recovery found, and what reads found since.</summary>
    public IReadOnlyList<JournalCorruption> Corruptions => _catalog.Damage;

    /// <summary>Duration of syncs, for metrics: called on the sync scheduler with bytes and time per sync.</summary>
    public Action<long, TimeSpan>? Synced
    {
        get => _commit.Synced;
        set => _commit.Synced = value;
    }

    /// <summary>Position of the newest whole snapshot entry, or null.</summary>
    public long? LastSnapshot => _catalog.LastSnapshot;

    /// <summary>The segments from the oldest to the open one.</summary>
    public IReadOnlyList<SegmentSummary> Segments => _catalog.Summaries;

    /// <summary>
    /// Recovers the journal in a folder (an empty folder is a new journal) and opens it in a new epoch. When it returns, all that <see cref="ReadEntriesAsync"/> gives is synced.
    /// </summary>
    /// <param name="options">Folder, sizes, ports.</param>
    /// <param name="abandonAbove">After a failed sync: the durable position of the faulted instance; everything above it is abandoned even if it reads well. Null after a process start.</param>
    public static async ValueTask<WriteAheadJournal> OpenAsync(JournalOptions options, long? abandonAbove = null)
    {
        var catalog = new SegmentCatalog(options);
        var recovery = new JournalRecovery(options);
        try
        {
            var report = await recovery.RunAsync(catalog, abandonAbove);
            return new WriteAheadJournal(options, catalog, recovery.Epoch, report);
        }
        catch
        {
            recovery.CloseFiles();
            throw;
        }
    }

    /// <summary>
    /// Queues a batch entry and returns at once; entries stand in the journal in the order of the calls. The task completes with the entry's position when it is on disk with its file's
    /// directory entry, or fails with <see cref="JournalFaultedException"/>: then the outcome is unknown. The caller's continuation never runs on the journal's schedulers.
    /// </summary>
    public Task<long> AppendAsync(BatchEntry entry) => _commit.Queue.Add(new PendingEntry(EntryKind.Batch, entry, default));

    /// <summary>Queues a state change; as <see cref="AppendAsync(BatchEntry)"/>.</summary>
    public Task<long> AppendStateAsync(ReadOnlyMemory<byte> change) => Append(EntryKind.State, change);

    /// <summary>Queues a full snapshot of the state after all entries queued before it; as <see cref="AppendAsync(BatchEntry)"/>.</summary>
    public Task<long> AppendSnapshotAsync(ReadOnlyMemory<byte> snapshot) => Append(EntryKind.Snapshot, snapshot);

    /// <summary>
    /// All durable entries from a position on, in order, batches and states; for replay at start. Buffers are valid until the next step. Damaged ranges are left out and named in <see cref="Corruptions"/>;
    /// a relocated batch is left out while its original is there.
    /// </summary>
    public IAsyncEnumerable<JournalEntry> ReadEntriesAsync(long from) => _reader.ReadEntriesAsync(from, Durable);

    /// <summary>
    /// Durable batches of one partition, from the one that holds (or, over a hole, follows) <paramref name="fromOffset"/>, up to <paramref name="maxBytes"/> but at least one; empty at the end or when
    /// they were trimmed away: check <see cref="FirstOffset"/>. Dispose to give the buffers back. Bytes that do not match their checksum are a <see cref="JournalDamagedException"/>.
    /// </summary>
    public ValueTask<JournalRead> ReadAsync(StreamPartition partition, long fromOffset, int maxBytes) =>
        ValueTask.FromResult(_reader.Read(partition, fromOffset, maxBytes, Durable));

    /// <summary>Offset of the partition's first event still in the journal, or null when there is none.</summary>
    public long? FirstOffset(StreamPartition partition) => _catalog.FirstOffset(partition);

    /// <summary>
    /// Base offset of the first durable batch at or after <paramref name="fromOffset"/> whose max timestamp (event clock, ms) or recording time (µs) is at or after <paramref name="time"/>; null when none is.
    /// </summary>
    public ValueTask<long?> FindAsync(StreamPartition partition, long fromOffset, long time, bool byRecorded) =>
        ValueTask.FromResult(_reader.FindTime(partition, fromOffset, time, byRecorded, Durable));

    /// <summary>Which events each partition has in a segment; of the open segment, as of now (what is not durable yet too).</summary>
    public ValueTask<IReadOnlyList<SegmentContent>> ReadContentAsync(long segment) => ValueTask.FromResult(_catalog.Content(segment));

    /// <summary>
    /// Removes the segments below a number, oldest first, recycling them when no reader holds them. Refused with <see cref="InvalidOperationException"/> when the newest durable snapshot would go.
    /// The caller answers for every event in them being archived and verified.
    /// </summary>
    public async ValueTask TrimAsync(long belowSegment)
    {
        var first = _catalog.All.FirstOrDefault(s => s.Number >= belowSegment);
        if (LastSnapshot is null || first is null || LastSnapshot < first.Start)
        {
            throw new InvalidOperationException("a trim would remove the newest snapshot of the state: append one first");
        }

        while (_catalog.TakeOldest(belowSegment, out var held) is { } oldest)
        {
            await RemoveAsync(oldest, held);
        }
    }

    /// <summary>Ends the open segment after what is queued and begins another, so that the old one can be trimmed.</summary>
    public async ValueTask RollAsync() => await _commit.Queue.Add(new PendingEntry(EntryKind.Mark, null, default) { EndsSegment = true });

    /// <summary>Lets queued entries become durable, then closes. After a fault: closes. Reads that run go on to their end; none may begin afterwards.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        await _commit.CloseAsync();
        _commit.Dispose();
        foreach (var segment in _catalog.All)
        {
            _catalog.Retire(segment);
        }
    }

    private Task<long> Append(EntryKind kind, ReadOnlyMemory<byte> payload)
    {
        if (payload.Length > _options.MaxEntryBytes)
        {
            throw new ArgumentOutOfRangeException(nameof(payload), $"an entry has at most {_options.MaxEntryBytes} bytes, this one has {payload.Length}");
        }

        return _commit.Queue.Add(new PendingEntry(kind, null, payload));
    }

    private async ValueTask RemoveAsync(Segment oldest, bool held)
    {
        var path = oldest.File.Path;
        try
        {
            if (!held && !oldest.Quarantined && _catalog.SpareCount < _options.MaxSpareSegments)
            {
                var spare = Path.GetFileNameWithoutExtension(path) + ".spare";
                _options.Files.Rename(path, Path.Combine(_options.Folder, spare));
                _catalog.AddSpare(spare);
            }
            else
            {
                _options.Files.DeleteFile(path);
            }
        }
        catch (FileSystemException)
        {
            _catalog.PutBack(oldest);
            throw;
        }

        _catalog.Retire(oldest);

        // One at a time: names vanish from the disk in any order, and a hole between segments would look like damage.
        try
        {
            await _options.Files.SyncDirectoryAsync(_options.Folder);
        }
        catch (FileSystemException e)
        {
            // It may have been the open segment's name that did not reach the disk, and the next sync of the folder would not tell.
            _commit.Queue.Fail(e);
            throw;
        }
    }
}

/// <summary>An entry that was durable does not match its checksum any more: which, and whose offsets it held. The rest can be read.</summary>
public sealed class JournalDamagedException(string path, long position, long firstOffset, long lastOffset)
    : IOException($"{path}: the entry at position {position} (offsets {firstOffset}–{lastOffset}) does not match its checksum: restore the file from a copy, or read on from offset {lastOffset + 1}")
{
    /// <summary>First offset that the entry held.</summary>
    public long FirstOffset { get; } = firstOffset;

    /// <summary>Last offset that the entry held.</summary>
    public long LastOffset { get; } = lastOffset;
}
