namespace TattleTail.Journal;

/// <summary>
/// What a whole read of a segment's entries found. D is the highest position that any entry, or the successor, proves to have been synced: a fault below it is damage and stays, from the first
/// fault above it on everything is cut.
/// </summary>
internal sealed class SegmentScan
{
    private SegmentScan()
    {
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
        var scan = new SegmentScan { Durable = durable, End = segment.Start };
        using var reader = new EntryReader(segment, maxEntryBytes);
        scan.LearnDurable(reader, segment.Start, limit);
        var position = segment.Start;
        while (position < limit)
        {
            if (reader.TryRead(position, limit, out var headerIsSound))
            {
                scan.Keep(segment, reader, position);
                position += reader.Header.EntrySize;
                scan.End = position;
                continue;
            }

            if (position >= scan.Durable)
            {
                scan.Cut = headerIsSound || reader.FindHeader(position, limit) is not null;
                break;
            }

            var next = reader.FindHeader(headerIsSound ? position + reader.Header.EntrySize : position + EntryHeader.Alignment, limit);
            position = Math.Min(next ?? scan.Durable, limit);
            scan.Damage(segment, scan.End, position, headerIsSound ? "an entry's bytes do not match its checksum" : "no entry where one was");
            scan.End = position;
        }

        return scan;
    }

    /// <summary>
    /// The highest durable in any sound header, also behind a hole: pages reach the disk in any order, but a header that says so was written after the sync.
    /// </summary>
    private void LearnDurable(EntryReader reader, long start, long limit)
    {
        var position = reader.FindHeader(start, limit);
        while (position is { } at)
        {
            reader.TryRead(at, limit, out _);
            Durable = Math.Max(Durable, reader.Header.Durable);
            SoundEnd = at + reader.Header.EntrySize;
            position = reader.FindHeader(at + reader.Header.EntrySize, limit);
        }
    }

    private void Keep(Segment segment, EntryReader reader, long position)
    {
        switch (reader.Header.Kind)
        {
            case EntryKind.Snapshot:
                Index.Snapshots.Add(position);
                break;
            case EntryKind.Batch or EntryKind.Relocated:
                if (!BatchPayloadCodec.TryRead(reader.Payload, out var partition, out var payload))
                {
                    Damage(segment, position, position + reader.Header.EntrySize, "a batch entry holds no batch");
                }
                else if (!payload.Batch.IsEmpty)
                {
                    Index.TryAdd(partition, IndexedBatch.Of(position, reader.Header.PayloadLength, payload));
                }

                break;
            default:
                break;
        }
    }

    private void Damage(Segment segment, long from, long to, string reason) => Corruptions.Add(new JournalCorruption(segment.Number, from, to, reason));
}
