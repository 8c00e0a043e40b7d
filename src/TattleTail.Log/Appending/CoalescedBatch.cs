using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Journal;

namespace TattleTail.Log.Appending;

/// <summary>
/// Events of any number of callers that become one batch. They join under the log's lock until the journal's writer freezes the batch on its own scheduler; the lock of this object
/// settles which of the two was first. It is never held while another lock is taken.
/// </summary>
internal sealed class CoalescedBatch : QueuedBatch
{
    /// <summary>Most events of a batch.</summary>
    public const int MaxEvents = 10_000;

    /// <summary>A batch takes no further event once it has this many bytes.</summary>
    public const long MaxBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Event> _events = [];
    private readonly long _recordedAt;
    private readonly int _leaderEpoch;
    private readonly long? _logAppendTime;
    private readonly long _baseTimestamp;
    private readonly long _maxBytes;
    private readonly long _generation;
    private bool _frozen;

    /// <summary>Starts a batch for at least one event.</summary>
    /// <param name="partition">Whose events.</param>
    /// <param name="baseOffset">Offset of the first one.</param>
    /// <param name="leaderEpoch">The epoch.</param>
    /// <param name="recordedAt">Time of recording of all of them (µs).</param>
    /// <param name="logAppendTime">The timestamp that replaces theirs (ms), or null.</param>
    /// <param name="firstTimestamp">Timestamp of the first one.</param>
    /// <param name="maxBatchBytes">The channel's limit; a single event may use all of it.</param>
    /// <param name="generation">Events join only while the log is in this generation: see <see cref="LogCore.JoinGeneration"/>.</param>
    public CoalescedBatch(
        StreamPartition partition, long baseOffset, int leaderEpoch, long recordedAt, long? logAppendTime, long firstTimestamp, int maxBatchBytes, long generation)
        : base(partition, baseOffset)
    {
        _recordedAt = recordedAt;
        _leaderEpoch = leaderEpoch;
        _logAppendTime = logAppendTime;
        _baseTimestamp = logAppendTime ?? firstTimestamp;
        _maxBytes = Math.Min(MaxBytes, maxBatchBytes);
        _generation = generation;
        EndOffset = baseOffset;
        Bytes = RecordBatchHeader.Size;
    }

    /// <summary>The timestamp that its events carry under LogAppendTime (ms); -1 otherwise.</summary>
    public long LogAppendTime => _logAppendTime ?? -1;

    public long BaseTimestamp => _baseTimestamp;

    /// <summary>The largest timestamp so far.</summary>
    public long MaxTimestamp { get; private set; } = long.MinValue;

    /// <summary>Takes as many events as fit, from an index on. Returns the index of the first that did not.</summary>
    public int Join(IReadOnlyList<Event> events, int from, long generation)
    {
        if (generation != _generation)
        {
            return from;
        }

        lock (_lock)
        {
            while (!_frozen && from < events.Count && TryJoin(events[from]))
            {
                from++;
            }
        }

        return from;
    }

    public override BatchPayload Freeze()
    {
        lock (_lock)
        {
            _frozen = true;
        }

        var builder = new RecordBatchBuilder();
        builder.Start(BaseOffset, _leaderEpoch, _logAppendTime is null ? TimestampType.CreateTime : TimestampType.LogAppendTime);
        var offset = BaseOffset;
        foreach (var e in _events)
        {
            if (!builder.TryAdd(offset++, _logAppendTime is { } time ? e with { Timestamp = time } : e))
            {
                throw new InvalidOperationException($"an event that joined a batch does not fit it: timestamp {e.Timestamp} after {_baseTimestamp}");
            }
        }

        var batch = builder.Finish();
        if (batch.Length != Bytes)
        {
            throw new InvalidOperationException($"a batch of {_events.Count} events has {batch.Length} bytes where {Bytes} were reckoned");
        }

        _events.Clear();
        return new BatchPayload(_recordedAt, default, batch);
    }

    private bool TryJoin(Event e)
    {
        var timestamp = _logAppendTime ?? e.Timestamp;
        var delta = (Int128)timestamp - _baseTimestamp;
        if (delta != (long)delta || Events == MaxEvents)
        {
            return false;
        }

        var size = RecordSize.OfRecord(RecordSize.OfEvent(e), Events, (long)delta);
        if (Events > 0 && Bytes + size > _maxBytes)
        {
            return false;
        }

        _events.Add(e);
        Events++;
        EndOffset++;
        Bytes += size;
        MaxTimestamp = Math.Max(MaxTimestamp, timestamp);
        return true;
    }
}
