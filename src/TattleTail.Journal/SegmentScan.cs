namespace TattleTail.Journal;

/// <summary>
/// What a whole read of a segment's entries found. D is the highest position that any entry, the header or the successor proves to have been synced: a fault below it is damage and stays, from the
/// first fault above it on everything is cut.
/// </summary>
internal sealed class SegmentScan
{
    private readonly Segment _segment;
    private readonly int _maxEntryBytes;
    private bool _learned;

    private SegmentScan(Segment segment, long durable, int maxEntryBytes)
    {
        _segment = segment;
        _maxEntryBytes = maxEntryBytes;
        Durable = durable;
        End = SoundEnd = segment.Start;
    }

    /// <summary>The entries that are sound, below the cut.</summary>
    public SegmentIndex Index { get; } = new();

    /// <summary>Position after the last entry that is kept.</summary>
    public long End { get; private set; }

    /// <summary>What was known to be synced.</summary>
    public long Durable { get; private set; }

    /// <summary>Position after the last entry with a sound header, kept or not.</summary>
    public long SoundEnd { get; private set; }

    /// <summary>The tail was cut because of a fault, rather than that it just ended.</summary>
    public bool Cut { get; private set; }

    public List<JournalCorruption> Corruptions { get; } = [];

    /// <summary>Reads a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="durable">What is known to be synced so far; for a segment with a successor, where that begins.</param>
    /// <param name="limit">Where entries end at the latest.</param>
    /// <param name="maxEntryBytes">Largest payload.</param>
    public static SegmentScan Of(Segment segment, long durable, long limit, int maxEntryBytes)
    {
        var scan = new SegmentScan(segment, durable, maxEntryBytes);
        using var reader = new EntryReader(segment, maxEntryBytes);
        scan.Run(reader, limit);
        return scan;
    }

    private void Run(EntryReader reader, long limit)
    {
        var fileEnd = _segment.Start + Math.Max(0, _segment.File.Length - SegmentHeader.EntriesAt);
        var position = _segment.Start;
        while (position < limit)
        {
            if (reader.TryRead(position, limit, out var headerIsSound))
            {
                Durable = Math.Max(Durable, reader.Header.Durable);
                Keep(reader, position);
                position += reader.Header.EntrySize;
                End = position;
                SoundEnd = Math.Max(SoundEnd, position);
                continue;
            }

            LearnDurable(reader, position, Math.Min(limit, fileEnd));
            if (position >= Durable)
            {
                Cut = SoundEnd > position;
                break;
            }

            _ = reader.TryRead(position, limit, out headerIsSound);
            var next = reader.FindHeader(headerIsSound ? position + reader.Header.EntrySize : position + EntryHeader.Alignment, Math.Min(limit, fileEnd));
            position = Math.Min(next ?? Durable, limit);
            Damage(End, position, headerIsSound ? "an entry's bytes do not match its checksum" : "no entry where one was");
            End = position;
        }
    }

    /// <summary>
    /// The highest durable in any sound header behind a fault: pages reach the disk in any order, but a header that says so was written after the sync.
    /// </summary>
    private void LearnDurable(EntryReader reader, long from, long limit)
    {
        if (_learned)
        {
            return;
        }

        _learned = true;
        var position = reader.FindHeader(from, limit);
        while (position is { } at)
        {
            _ = reader.TryRead(at, limit, out _);
            Durable = Math.Max(Durable, reader.Header.Durable);
            SoundEnd = at + reader.Header.EntrySize;
            position = reader.FindHeader(SoundEnd, limit);
        }
    }

    private void Keep(EntryReader reader, long position)
    {
        var header = reader.Header;
        if (header.Kind == EntryKind.Snapshot)
        {
            Index.Snapshots.Add(position);
            return;
        }

        if (header.Kind is not (EntryKind.Batch or EntryKind.Relocated))
        {
            return;
        }

        var end = position + header.EntrySize;
        if (!BatchPayloadCodec.TryRead(reader.Payload, out var partition, out var payload))
        {
            Damage(position, end, "a batch entry holds no batch");
            return;
        }

        if (payload.Batch.IsEmpty)
        {
            return;
        }

        var key = new ListKey(partition, header.Kind == EntryKind.Relocated);
        var batch = IndexedBatch.Of(position, header.PayloadLength, payload);
        if (!Index.TryAdd(key, batch) && !IsCopy(key, batch, header.PayloadCrc))
        {
            Damage(position, end, $"offsets {batch.FirstOffset}–{batch.LastOffset} of {partition} stand here a second time with other bytes");
        }
    }

    /// <summary>An equal copy is one entry.</summary>
    private bool IsCopy(ListKey key, in IndexedBatch batch, uint crc)
    {
        var batches = Index.Batches(key);
        var at = SegmentIndex.FirstAtOrAfter(batches, batch.FirstOffset);
        if (at == batches.Count || batches[at].FirstOffset != batch.FirstOffset || batches[at].PayloadLength != batch.PayloadLength)
        {
            return false;
        }

        using var other = new EntryReader(_segment, _maxEntryBytes);
        return other.TryRead(batches[at].Position, long.MaxValue, out _) && other.Header.PayloadCrc == crc;
    }

    private void Damage(long from, long to, string reason) => Corruptions.Add(new JournalCorruption(_segment.Number, from, to, reason));
}
