namespace TattleTail.Journal;

/// <summary>
/// Which entries a segment holds: its batches by partition in offset order, and its states and snapshots. The open segment's index grows in memory; a closed segment's is read from its footer on demand.
/// Not for concurrent use: the owner locks.
/// </summary>
internal sealed class SegmentIndex
{
    private readonly Dictionary<StreamPartition, List<IndexedBatch>> _batches = [];
    private readonly List<StreamPartition> _order = [];

    /// <summary>Positions of snapshot entries.</summary>
    public List<long> Snapshots { get; } = [];

    /// <summary>The partitions in the order of their first entry.</summary>
    public IReadOnlyList<StreamPartition> Partitions => _order;

    /// <summary>About how much memory it takes.</summary>
    public long MemoryBytes => 256 + (_order.Count * 160L) + (_count * 56L);

    private long _count;

    public IReadOnlyList<IndexedBatch> Batches(StreamPartition partition) => _batches.TryGetValue(partition, out var list) ? list : [];

    /// <summary>Adds a batch; false when its offsets are not above the partition's last, as a relocated copy's are while its original is still there.</summary>
    public bool TryAdd(StreamPartition partition, in IndexedBatch batch)
    {
        if (!_batches.TryGetValue(partition, out var list))
        {
            list = [];
            _batches.Add(partition, list);
            _order.Add(partition);
        }
        else if (list[^1].LastOffset >= batch.FirstOffset)
        {
            return false;
        }

        list.Add(batch);
        _count++;
        return true;
    }

    /// <summary>What each partition has here.</summary>
    public IReadOnlyList<SegmentContent> Summarize()
    {
        var contents = new List<SegmentContent>(_order.Count);
        foreach (var partition in _order)
        {
            contents.Add(Summarize(partition, _batches[partition]));
        }

        return contents;
    }

    /// <summary>Index of the first batch whose last offset is at or above an offset.</summary>
    public static int FirstAtOrAfter(IReadOnlyList<IndexedBatch> batches, long offset)
    {
        var low = 0;
        var high = batches.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (batches[middle].LastOffset < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private static SegmentContent Summarize(StreamPartition partition, List<IndexedBatch> batches)
    {
        long events = 0, bytes = 0, first = long.MaxValue, last = long.MinValue;
        foreach (var batch in batches)
        {
            events += batch.Events;
            bytes += batch.PayloadLength;
            first = Math.Min(first, batch.RecordedAtMicros);
            last = Math.Max(last, batch.RecordedAtMicros);
        }

        return new SegmentContent(partition, batches[0].FirstOffset, batches[^1].LastOffset, events, bytes, first, last);
    }
}
