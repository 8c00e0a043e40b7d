namespace TattleTail.Archive.Parquet;

/// <summary>Where the events of a row group lie, as runs of consecutive offsets of one partition. Immutable.</summary>
internal sealed class RowGroupIndex
{
    private readonly List<Run> _runs = [];

    /// <summary>Of the partition and the offset of each row, in that order.</summary>
    public RowGroupIndex(ReadOnlySpan<int> partitions, ReadOnlySpan<long> offsets)
    {
        Rows = partitions.Length;
        for (var row = 0; row < Rows; row++)
        {
            if (row == 0 || partitions[row] != partitions[row - 1] || offsets[row] != offsets[row - 1] + 1)
            {
                _runs.Add(new Run(partitions[row], offsets[row], row));
            }
        }

        _runs.TrimExcess();
    }

    public int Rows { get; }

    public long MemoryBytes => 100 + (_runs.Capacity * 24L);

    /// <summary>The partition's first row at or after an offset; null when it has none here.</summary>
    public int? FirstAtOrAfter(int partition, long offset)
    {
        var (low, high) = (0, _runs.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var run = _runs[middle];
            (low, high) = run.Partition < partition || (run.Partition == partition && run.Offset <= offset) ? (middle + 1, high) : (low, middle);
        }

        // The last run that begins at or before the offset may hold it; otherwise the next run is the first behind it.
        if (low > 0 && _runs[low - 1] is var before && before.Partition == partition && offset - before.Offset < (low < _runs.Count ? _runs[low].Row : Rows) - before.Row)
        {
            return before.Row + (int)(offset - before.Offset);
        }

        return low < _runs.Count && _runs[low].Partition == partition ? _runs[low].Row : null;
    }

    private readonly record struct Run(int Partition, long Offset, int Row);
}
