using TattleTail.Events.RecordBatches;

namespace TattleTail.Journal;

/// <summary>What the index knows of one batch entry.</summary>
/// <param name="Position">Where the entry stands.</param>
/// <param name="PayloadLength">Bytes of its payload.</param>
/// <param name="FirstOffset">First offset of the batch.</param>
/// <param name="LastOffset">Last offset of the batch.</param>
/// <param name="Events">Records in it.</param>
/// <param name="MaxTimestamp">Largest timestamp of its events, ms.</param>
/// <param name="RecordedAtMicros">When it was recorded.</param>
internal readonly record struct IndexedBatch(
    long Position, int PayloadLength, long FirstOffset, long LastOffset, int Events, long MaxTimestamp, long RecordedAtMicros)
{
    public static IndexedBatch Of(long position, int payloadLength, in BatchPayload payload)
    {
        RecordBatchHeader.TryRead(payload.Batch.Span, out var header);
        return new IndexedBatch(position, payloadLength, header.BaseOffset, header.LastOffset, header.Count, header.MaxTimestamp, payload.RecordedAtMicros);
    }

    /// <summary>The batch shares offsets with another.</summary>
    public bool Overlaps(in IndexedBatch other) => FirstOffset <= other.LastOffset && LastOffset >= other.FirstOffset;
}

/// <summary>A list of batches in a segment: a partition's, or the relocated copies of it, whose offsets are lower than those beside them.</summary>
internal readonly record struct ListKey(StreamPartition Partition, bool Relocated) : IComparable<ListKey>
{
    public int CompareTo(ListKey other) =>
        (Partition.Stream, Partition.Partition, Relocated).CompareTo((other.Partition.Stream, other.Partition.Partition, other.Relocated));
}

/// <summary>Where a list of batches stands in a footer.</summary>
internal readonly record struct ListPlace(long FileOffset, int Length, uint Crc);

/// <summary>What one list of a segment holds: an item of the segment's directory.</summary>
internal readonly record struct ListSummary(
    ListKey Key, int Batches, long FirstOffset, long LastOffset, long Events, long Bytes, long FirstRecordedAt, long LastRecordedAt, long MaxTimestamp, ListPlace Place)
{
    public static ListSummary Of(ListKey key, IReadOnlyList<IndexedBatch> batches)
    {
        long events = 0, bytes = 0, first = long.MaxValue, last = long.MinValue, timestamp = long.MinValue;
        foreach (var batch in batches)
        {
            events += batch.Events;
            bytes += batch.PayloadLength;
            first = Math.Min(first, batch.RecordedAtMicros);
            last = Math.Max(last, batch.RecordedAtMicros);
            timestamp = Math.Max(timestamp, batch.MaxTimestamp);
        }

        return new ListSummary(key, batches.Count, batches[0].FirstOffset, batches[^1].LastOffset, events, bytes, first, last, timestamp, default);
    }

    public SegmentContent ToContent() => new(Key.Partition, FirstOffset, LastOffset, Events, Bytes, FirstRecordedAt, LastRecordedAt);
}
