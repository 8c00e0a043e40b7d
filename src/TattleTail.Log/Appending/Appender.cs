using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log.State;
using TattleTail.Log.Waiting;

namespace TattleTail.Log.Appending;

/// <summary>
/// The append path. Under the log's lock: refuse, recognise a repetition, assign offsets and time of recording, queue, apply. Outside it: wait for the disk, raise the high
/// watermark, hold the acknowledgement back when the journal is near its quota.
/// </summary>
internal sealed class Appender(LogCore log, CancellationToken closing)
{
    /// <summary>Largest batch whatever the channel's setting says, so that it fits an entry of the journal.</summary>
    public const int MaxBatchBytes = 100 * 1024 * 1024;

    /// <summary>Appends a batch as produced; see <see cref="EventLog.AppendBatchAsync"/>.</summary>
    public async ValueTask<AppendResult> AppendBatchAsync(LogPartition partition, Memory<byte> batch)
    {
        if (!RecordBatchHeader.TryRead(batch.Span, out var header) || header.TotalSize != batch.Length || header.Count < 1 || header.LastOffsetDelta != header.Count - 1)
        {
            throw new ArgumentException("not exactly one checked batch", nameof(batch));
        }

        RefuseOwn(partition);
        AppendResult result;
        Task<long>? durable;
        lock (log.Gate)
        {
            (result, durable) = Decide(partition, batch, header);
        }

        return await AcknowledgeAsync(partition, result, durable);
    }

    /// <summary>Appends events; see <see cref="EventLog.AppendEventsAsync"/>.</summary>
    public ValueTask<AppendResult> AppendEventsAsync(LogPartition partition, IReadOnlyList<Event> events)
    {
        RefuseOwn(partition);
        return AppendUncheckedAsync(partition, events);
    }

    /// <summary>As <see cref="AppendEventsAsync"/>, also to the log's own channels.</summary>
    public async ValueTask<AppendResult> AppendUncheckedAsync(LogPartition partition, IReadOnlyList<Event> events)
    {
        if (events.Count == 0)
        {
            throw new ArgumentException("no events", nameof(events));
        }

        var largest = 0L;
        for (var i = 0; i < events.Count; i++)
        {
            largest = Math.Max(largest, RecordBatchHeader.Size + RecordSize.OfRecord(RecordSize.OfEvent(events[i]), 0, 0));
        }

        AppendResult result;
        Task<long>? durable;
        lock (log.Gate)
        {
            (result, durable) = Decide(partition, events, largest);
        }

        return await AcknowledgeAsync(partition, result, durable);
    }

    private static AppendResult Refusal(AppendStatus status) => new(status, -1, -1);

    private static void RefuseOwn(LogPartition partition)
    {
        if (partition.Channel.IsOwn)
        {
            throw new ChannelException(ChannelFault.Reserved, $"channel {partition.Channel.Name} is written by TattleTail alone");
        }
    }

    private async ValueTask<AppendResult> AcknowledgeAsync(LogPartition partition, AppendResult result, Task<long>? durable)
    {
        if (durable is null)
        {
            return result;
        }

        await LogCore.DurableAsync(durable);
        bool advanced;
        lock (log.Gate)
        {
            advanced = partition.Advance();
        }

        if (advanced)
        {
            partition.Wake();
        }

        var delay = QuotaPolicy.Delay(log.Journal.Bytes, log.Options.JournalQuotaBytes);
        if (delay > TimeSpan.Zero)
        {
            // Closing ends the wait early; the append is durable either way.
            await Pause.WaitAsync(delay, log.Ports.Clock, closing);
        }

        return result;
    }

    private (AppendResult Result, Task<long>? Durable) Decide(LogPartition partition, Memory<byte> batch, in RecordBatchHeader header)
    {
        var channel = partition.Channel;
        if (Refused(partition, batch.Length) is { } refusal)
        {
            return (Refusal(refusal), null);
        }

        var state = partition.State;
        if (header.ProducerId >= 0)
        {
            var status = Sequences.Judge(state.Producers.GetValueOrDefault(header.ProducerId), header, out var original);
            if (status == AppendStatus.Duplicate)
            {
                return (new AppendResult(status, original.BaseOffset, original.LogAppendTime), partition.FindQueued(original.BaseOffset)?.Durable);
            }

            if (status != AppendStatus.Appended)
            {
                return (Refusal(status), null);
            }
        }

        var logAppendTime = channel.Config.TimestampType == TimestampType.LogAppendTime;
        if (!logAppendTime && log.Options.MaxTimestampAhead is { } ahead && IsTooFarAhead(header.MaxTimestamp, ahead))
        {
            return (Refusal(AppendStatus.InvalidTimestamp), null);
        }

        RequireRoom();
        var recordedAt = log.NextRecordedAt();
        RecordBatch.Assign(batch.Span, state.NextOffset, log.Journal.Epoch);
        if (logAppendTime)
        {
            RecordBatch.SetLogAppendTime(batch.Span, recordedAt / 1_000);
        }

        RecordBatchHeader.TryRead(batch.Span, out var assigned);
        var queued = new ProducedBatch(state.Key, assigned.BaseOffset, assigned.Count, assigned.LastOffset + 1, recordedAt, batch);
        Queue(partition, queued);
        partition.Open = null;
        log.State.Apply(state, assigned, recordedAt);
        log.CountSinceSnapshot(batch.Length);
        return (new AppendResult(AppendStatus.Appended, assigned.BaseOffset, logAppendTime ? assigned.MaxTimestamp : -1), queued.Durable);
    }

    private (AppendResult Result, Task<long>? Durable) Decide(LogPartition partition, IReadOnlyList<Event> events, long largest)
    {
        if (Refused(partition, largest) is { } refusal)
        {
            return (Refusal(refusal), null);
        }

        if (!partition.Channel.IsOwn)
        {
            // What the log itself has to say is little, and must be said also when the journal is full.
            RequireRoom();
        }

        var state = partition.State;
        var (first, bytes) = (state.NextOffset, state.Bytes);
        var batch = partition.Open;
        var from = batch is null ? 0 : Join(partition, batch, events, 0);
        var logAppendTime = from > 0 ? batch!.LogAppendTime : -1;
        while (from < events.Count)
        {
            batch = Begin(partition, events[from]);
            from = Join(partition, batch, events, from);
            Queue(partition, batch);
            partition.Open = batch;
            logAppendTime = logAppendTime < 0 ? batch.LogAppendTime : logAppendTime;
        }

        log.CountSinceSnapshot(state.Bytes - bytes);
        return (new AppendResult(AppendStatus.Appended, first, logAppendTime), batch!.Durable);
    }

    private CoalescedBatch Begin(LogPartition partition, Event first)
    {
        var config = partition.Channel.Config;
        var recordedAt = log.NextRecordedAt();
        long? logAppendTime = config.TimestampType == TimestampType.LogAppendTime ? recordedAt / 1_000 : null;
        var state = partition.State;
        var batch = new CoalescedBatch(
            state.Key, state.NextOffset, log.Journal.Epoch, recordedAt, logAppendTime, first.Timestamp, config.MaxMessageBytes, log.JoinGeneration);
        log.State.Begin(state, batch.BaseOffset, log.Journal.Epoch, batch.BaseTimestamp, recordedAt);
        NodeState.Extend(state, batch.BaseOffset, 0, batch.Bytes, first.Timestamp);
        return batch;
    }

    private int Join(LogPartition partition, CoalescedBatch batch, IReadOnlyList<Event> events, int from)
    {
        var (count, bytes) = (batch.Events, batch.Bytes);
        var next = batch.Join(events, from, log.JoinGeneration);
        if (next > from)
        {
            NodeState.Extend(partition.State, batch.EndOffset, batch.Events - count, batch.Bytes - bytes, batch.MaxTimestamp);
        }

        return next;
    }

    private void Queue(LogPartition partition, QueuedBatch batch)
    {
        batch.Durable = log.Journal.AppendAsync(batch);
        partition.Enqueue(batch);
    }

    private AppendStatus? Refused(LogPartition partition, long largestBatch)
    {
        if (partition.State.Channel.IsClosed)
        {
            return AppendStatus.Closed;
        }

        log.RequireAvailable();
        return largestBatch > Math.Min(partition.Channel.Config.MaxMessageBytes, MaxBatchBytes) ? AppendStatus.TooLarge : null;
    }

    private void RequireRoom()
    {
        var bytes = log.Journal.Bytes;
        if (QuotaPolicy.IsFull(bytes, log.Options.JournalQuotaBytes))
        {
            throw new LogUnavailableException(
                $"the journal has {bytes} bytes and its quota is {log.Options.JournalQuotaBytes}: nothing is recorded until events are sealed and their segments trimmed");
        }
    }

    private bool IsTooFarAhead(long timestamp, TimeSpan ahead) => timestamp > (log.NowMicros / 1_000) + (long)ahead.TotalMilliseconds;
}
