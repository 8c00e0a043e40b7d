namespace TattleTail.Journal;

/// <summary>
/// Which entries a segment holds: its batches by partition in offset order, and its snapshots. The open segment's index grows in memory; that of a closed one goes into its footer.
/// Not for concurrent use: the owner locks.
/// </summary>
internal sealed class SegmentIndex
{
    private readonly Dictionary<ListKey, List<IndexedBatch>> _lists = [];

    /// <summary>Positions of snapshot entries.</summary>
    public List<long> Snapshots { get; } = [];

    /// <summary>The lists in the order of their keys.</summary>
    public IReadOnlyList<KeyValuePair<ListKey, List<IndexedBatch>>> SortedLists() => [.. _lists.OrderBy(list => list.Key)];

    public IReadOnlyList<IndexedBatch> Batches(ListKey key) => _lists.TryGetValue(key, out var list) ? list : [];

    /// <summary>Adds a batch; false when its offsets are not above the list's last.</summary>
    public bool TryAdd(ListKey key, in IndexedBatch batch)
    {
        if (!_lists.TryGetValue(key, out var list))
        {
            list = [];
            _lists.Add(key, list);
        }
        else if (list[^1].LastOffset >= batch.FirstOffset)
        {
            return false;
        }

        list.Add(batch);
        return true;
    }

    /// <summary>What each list holds, by key.</summary>
    public ListSummary[] Summarize()
    {
        var summaries = new ListSummary[_lists.Count];
        var i = 0;
        foreach (var (key, batches) in SortedLists())
        {
            summaries[i++] = ListSummary.Of(key, batches);
        }

        return summaries;
    }

    /// <summary>Forgets what stands at a position or above.</summary>
    public void CutAt(long position)
    {
        Snapshots.RemoveAll(snapshot => snapshot >= position);
        foreach (var (key, batches) in SortedLists())
        {
            batches.RemoveAll(batch => batch.Position >= position);
            if (batches.Count == 0)
            {
                _lists.Remove(key);
            }
        }
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
}
