namespace TattleTail.Archive;

/// <summary>What the transaction log says of a file's rows: the ranges by partition, and the statistics by which foreign readers skip files. Times in µs since 1970 UTC, raw timestamps in ms.</summary>
internal sealed class FileStatistics
{
    private readonly List<PartitionRange> _ended = [];
    private int _partition = -1;
    private long _firstOffset;
    private long _lastOffset;
    private long _partitionEvents;
    private long _minTimestamp;
    private long _maxTimestamp;

    public long Events { get; private set; }

    /// <summary>The ranges of the rows so far, by partition.</summary>
    public IReadOnlyList<PartitionRange> Partitions =>
        _partitionEvents == 0 ? _ended : [.. _ended, new PartitionRange(_partition, _firstOffset, _lastOffset, _partitionEvents, _minTimestamp, _maxTimestamp)];

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
        if (partition != _partition)
        {
            if (partition < _partition)
            {
                throw new ArgumentException($"partition {partition} follows {_partition}", nameof(partition));
            }

            EndPartition();
            _partition = partition;
            _firstOffset = offset;
            _minTimestamp = timestamp;
            _maxTimestamp = timestamp;
        }
        else if (offset <= _lastOffset)
        {
            throw new ArgumentException($"offset {offset} of partition {partition} follows {_lastOffset}", nameof(offset));
        }

        _lastOffset = offset;
        _partitionEvents++;
        _minTimestamp = Math.Min(_minTimestamp, timestamp);
        _maxTimestamp = Math.Max(_maxTimestamp, timestamp);
    }

    private void EndPartition()
    {
        if (_partitionEvents > 0)
        {
            _ended.Add(new PartitionRange(_partition, _firstOffset, _lastOffset, _partitionEvents, _minTimestamp, _maxTimestamp));
            _partitionEvents = 0;
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
