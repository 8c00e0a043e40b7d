namespace TattleTail.Journal;

/// <summary>What one list has in one segment.</summary>
internal readonly record struct Run(Segment Segment, long First, long Last, long MaxTimestamp, long LastRecordedAt);

/// <summary>
/// For each list the segments that hold it, in offset order, so that finding the segment of an offset is a binary search. Not for concurrent use: the catalog locks.
/// </summary>
internal sealed class ListRuns
{
    private readonly Dictionary<ListKey, List<Run>> _runs = [];

    /// <summary>Adds what a closed segment holds, behind the others (or, when it comes back after a failed removal, before them).</summary>
    public void Add(Segment segment, bool first = false)
    {
        foreach (var list in segment.Directory)
        {
            var runs = Of(list.Key);
            runs.Insert(first ? 0 : runs.Count, new Run(segment, list.FirstOffset, list.LastOffset, list.MaxTimestamp, list.LastRecordedAt));
        }
    }

    /// <summary>Adds a batch of the open segment; its offsets must be above all before.</summary>
    public void Add(Segment open, ListKey key, in IndexedBatch batch)
    {
        var runs = Of(key);
        if (runs.Count == 0 || runs[^1].Segment != open)
        {
            runs.Add(new Run(open, batch.FirstOffset, batch.LastOffset, batch.MaxTimestamp, batch.RecordedAtMicros));
            return;
        }

        var run = runs[^1];
        runs[^1] = run with
        {
            Last = batch.LastOffset,
            MaxTimestamp = Math.Max(run.MaxTimestamp, batch.MaxTimestamp),
            LastRecordedAt = Math.Max(run.LastRecordedAt, batch.RecordedAtMicros),
        };
    }

    /// <summary>The last offset of a list, or null.</summary>
    public long? Last(ListKey key) => _runs.TryGetValue(key, out var runs) ? runs[^1].Last : null;

    /// <summary>The first offset of a list, or null.</summary>
    public long? First(ListKey key) => _runs.TryGetValue(key, out var runs) ? runs[0].First : null;

    /// <summary>The run that holds an offset or is the first behind it, or null.</summary>
    public Run? At(ListKey key, long offset)
    {
        if (!_runs.TryGetValue(key, out var runs))
        {
            return null;
        }

        var low = 0;
        var high = runs.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = runs[middle].Last < offset ? (middle + 1, high) : (low, middle);
        }

        return low < runs.Count ? runs[low] : null;
    }

    /// <summary>Takes the oldest segment out.</summary>
    public void Remove(Segment oldest)
    {
        foreach (var list in oldest.Directory)
        {
            if (_runs.TryGetValue(list.Key, out var runs) && runs[0].Segment == oldest)
            {
                runs.RemoveAt(0);
                if (runs.Count == 0)
                {
                    _runs.Remove(list.Key);
                }
            }
        }
    }

    private List<Run> Of(ListKey key)
    {
        if (!_runs.TryGetValue(key, out var runs))
        {
            runs = [];
            _runs.Add(key, runs);
        }

        return runs;
    }
}
