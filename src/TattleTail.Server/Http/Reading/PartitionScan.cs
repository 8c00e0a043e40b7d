using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log;

namespace TattleTail.Server.Http.Reading;

/// <summary>Walks the events of one partition that a query selects, from batch to batch. For one request; not for concurrent use.</summary>
internal sealed class PartitionScan
{
    private const int ReadBytes = 1024 * 1024;

    private readonly EventLog _log;
    private readonly long _fromMillis = long.MinValue;
    private readonly long _lastMillis = long.MaxValue;
    private readonly LogScope _scope;
    private long _position;
    private long _end;

    private PartitionScan(EventLog log, LogPartition partition, ReadQuery query)
    {
        _log = log;
        Partition = partition;
        _scope = query.Scope;
        if (query.Clock == LogClock.Event)
        {
            _fromMillis = query.From.Kind == PlaceKind.Time ? EventTimes.CeilingMillis(query.From.Time) : long.MinValue;
            _lastMillis = query.To is { Kind: PlaceKind.Time } to ? EventTimes.CeilingMillis(to.Time) - 1 : long.MaxValue;
        }
    }

    /// <summary>The partition.</summary>
    public LogPartition Partition { get; }

    /// <summary>Nothing more will come.</summary>
    public bool IsOver => _position >= _end;

    private bool SelectsByEventTime => _fromMillis != long.MinValue || _lastMillis != long.MaxValue;

    /// <summary>Finds where a query begins and ends in a partition.</summary>
    public static async ValueTask<PartitionScan> StartAsync(EventLog log, LogPartition partition, ReadQuery query, CancellationToken cancel)
    {
        var scan = new PartitionScan(log, partition, query);
        var end = partition.HighWatermark;
        scan._end = query.Follow ? long.MaxValue : end;
        scan._position = query.From.Kind switch
        {
            PlaceKind.Beginning => partition.FirstOffset(query.Scope),
            PlaceKind.Offset => Math.Max(query.From.Offset, partition.FirstOffset(query.Scope)),
            _ => (await log.FindByTimeAsync(partition, query.Clock == LogClock.Event ? scan._fromMillis : EventTimes.CeilingMicros(query.From.Time), query.Clock, query.Scope, cancel))?.Offset ?? end,
        };
        if (query.To is { Kind: PlaceKind.Offset } offset)
        {
            scan._end = Math.Min(scan._end, offset.Offset);
        }
        else if (query.To is { Kind: PlaceKind.Time } time && query.Clock == LogClock.Recorded)
        {
            // The recorder's clock never goes back, so the first event at or after the time ends it.
            var found = await log.FindByTimeAsync(partition, EventTimes.CeilingMicros(time.Time), LogClock.Recorded, query.Scope, cancel);
            scan._end = Math.Min(scan._end, found?.Offset ?? long.MaxValue);
        }

        return scan;
    }

    /// <summary>Reads on from where the last call stopped; null at the durable end. Dispose the result.</summary>
    public async ValueTask<LogRead?> ReadAsync(CancellationToken cancel)
    {
        SkipFiles();
        _position = Math.Max(_position, Partition.FirstOffset(_scope));
        if (IsOver || _position >= Partition.HighWatermark)
        {
            return null;
        }

        return await _log.ReadAsync(Partition, _position, ReadBytes, _scope, cancel);
    }

    /// <summary>
    /// Writes the selected events of a read, until the output holds enough or the read is at its end (true). Continues where it stopped when it is called again with the same read.
    /// </summary>
    public bool Write(LogRead read, EventOutput output)
    {
        foreach (var batch in read.Batches)
        {
            if (RecordBatchHeader.TryRead(batch.Batch.Span, out var header) && header.LastOffset >= _position && !WriteBatch(batch, output))
            {
                return false;
            }
        }

        _position = Math.Max(_position, read.NextOffset);
        return true;
    }

    private bool WriteBatch(LogBatch batch, EventOutput output)
    {
        using var records = new RecordBatchReader(batch.Batch.Span);
        for (var index = 0; records.MoveNext(); index++)
        {
            var record = records.Current;
            if (record.Offset < _position)
            {
                continue;
            }

            if (record.Offset >= _end || output.IsComplete)
            {
                _position = _end;
                return true;
            }

            _position = record.Offset + 1;
            if (record.Timestamp >= _fromMillis && record.Timestamp <= _lastMillis)
            {
                var channel = Partition.Channel;
                output.Write(new RecordedEvent(
                    channel.Name, channel.Incarnation, Partition.Index, record.Offset, records.Header.TimestampType, batch.RecordedAt(index), record.ToEvent()));
                if (output.IsFull)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Leaps over archived files that hold no event of the times asked for.</summary>
    private void SkipFiles()
    {
        while (SelectsByEventTime && !IsOver && _log.Archive?.FindByOffset(Partition.Channel.TopicId, Partition.Index, _position) is { } file)
        {
            var range = file.Partitions.First(r => r.Partition == Partition.Index);
            if (range.LastOffset < _position || (range.MaxTimestamp >= _fromMillis && range.MinTimestamp <= _lastMillis))
            {
                return;
            }

            _position = range.LastOffset + 1;
        }
    }
}
