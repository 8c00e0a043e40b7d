namespace TattleTail.Archive.Catalog;

/// <summary>What the transaction log says of a file's rows: the ranges by partition, and the statistics by which foreign readers skip files. Times in µs since 1970 UTC, raw timestamps in ms.</summary>
internal sealed class FileStatistics
{
    private readonly List<PartitionRange> _partitions = [];

    public long Events { get; private set; }

    public IReadOnlyList<PartitionRange> Partitions => _partitions;

    public long MinOffset { get; private set; } = long.MaxValue;

    public long MaxOffset { get; private set; } = long.MinValue;

    public long? MinTime { get; private set; }

    public long? MaxTime { get; private set; }

    public long NullTimes { get; private set; }

    public long MinRecordedAt { get; private set; } = long.MaxValue;

    public long MaxRecordedAt { get; private set; } = long.MinValue;

    /// <summary>Smallest event type by UTF-8 bytes; null when no event has one.</summary>
    public byte[]? MinType { get; private set; }

    public byte[]? MaxType { get; private set; }

    public long NullTypes { get; private set; }

    /// <summary>Adds a row; rows come in (partition, offset) order.</summary>
    public void Add(int partition, long offset, long rawTimestamp, long? timeMicros, long recordedAtMicros, ReadOnlySpan<byte> type)
    {
        AddToPartition(partition, offset, rawTimestamp);
        Events++;
        MinOffset = Math.Min(MinOffset, offset);
        MaxOffset = Math.Max(MaxOffset, offset);
        MinRecordedAt = Math.Min(MinRecordedAt, recordedAtMicros);
        MaxRecordedAt = Math.Max(MaxRecordedAt, recordedAtMicros);
        if (timeMicros is { } time)
        {
            MinTime = Math.Min(MinTime ?? time, time);
            MaxTime = Math.Max(MaxTime ?? time, time);
        }
        else
        {
            NullTimes++;
        }

        AddType(type);
    }

    private void AddToPartition(int partition, long offset, long timestamp)
    {
        if (_partitions.Count > 0 && _partitions[^1] is var last && last.Partition == partition)
        {
            if (offset <= last.LastOffset)
            {
                throw new ArgumentException($"offset {offset} of partition {partition} follows {last.LastOffset}", nameof(offset));
            }

            _partitions[^1] = last with
            {
                LastOffset = offset, Events = last.Events + 1, MinTimestamp = Math.Min(last.MinTimestamp, timestamp), MaxTimestamp = Math.Max(last.MaxTimestamp, timestamp),
            };
        }
        else if (_partitions.Count > 0 && _partitions[^1].Partition > partition)
        {
            throw new ArgumentException($"partition {partition} follows {_partitions[^1].Partition}", nameof(partition));
        }
        else
        {
            _partitions.Add(new PartitionRange(partition, offset, offset, 1, timestamp, timestamp));
        }
    }

    private void AddType(ReadOnlySpan<byte> type)
    {
        if (type.IsEmpty)
        {
            NullTypes++;
            return;
        }

        if (MinType is null || type.SequenceCompareTo(MinType) < 0)
        {
            MinType = type.ToArray();
        }

        if (MaxType is null || type.SequenceCompareTo(MaxType) > 0)
        {
            MaxType = type.ToArray();
        }
    }
}
