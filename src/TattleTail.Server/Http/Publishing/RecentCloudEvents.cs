using TattleTail.Events.RecordBatches;
using TattleTail.Log;
using TattleTail.Server.Http.Reading;

namespace TattleTail.Server.Http.Publishing;

/// <summary>
/// The CloudEvents that were recorded not long ago, so that one that is sent again, because its answer was lost, is not recorded again. What a channel recorded before this process began is read back
/// from the log when the channel is first published to. Bounded: beyond <see cref="MostEvents"/> the oldest are forgotten. Safe for concurrent use.
/// </summary>
internal sealed class RecentCloudEvents(EventLog log, TimeSpan window, TimeProvider clock)
{
    /// <summary>Events remembered on a node.</summary>
    public const int MostEvents = 250_000;

    private const int ReadBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid TopicId, UInt128 Name), Remembered> _events = [];
    private readonly Queue<((Guid TopicId, UInt128 Name) Key, DateTimeOffset Until)> _order = [];
    private readonly Dictionary<Guid, Task> _readBack = [];

    /// <summary>
    /// Records an event by <paramref name="record"/>, unless it was recorded within the window: then it gives the first one's place. Of several at once one is recorded; when it cannot be, the next tries.
    /// </summary>
    public async ValueTask<(bool IsRepeated, (int Partition, long Offset) Place)> RecordOnceAsync(Channel channel, UInt128 name, Func<Task<(int Partition, long Offset)>> record, CancellationToken cancel)
    {
        if (window == TimeSpan.Zero)
        {
            return (false, await record());
        }

        await ReadBackAsync(channel).WaitAsync(cancel);
        var key = (channel.TopicId, name);
        var mine = new TaskCompletionSource<(int, long)>(TaskCreationOptions.RunContinuationsAsynchronously);
        while (true)
        {
            Task<(int, long)> other;
            lock (_lock)
            {
                Forget();
                if (!_events.TryGetValue(key, out var known) || known.Until <= clock.GetUtcNow())
                {
                    _events[key] = new Remembered(mine.Task, DateTimeOffset.MaxValue);
                    break;
                }

                other = known.Place;
            }

            try
            {
                return (true, await other.WaitAsync(cancel));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The other one could not be recorded.
            }
        }

        return (false, await RecordAsync(key, mine, record));
    }

    private async Task<(int Partition, long Offset)> RecordAsync((Guid, UInt128) key, TaskCompletionSource<(int, long)> mine, Func<Task<(int Partition, long Offset)>> record)
    {
        try
        {
            var place = await record();
            lock (_lock)
            {
                Remember(key, mine.Task, clock.GetUtcNow() + window);
            }

            mine.SetResult(place);
            return place;
        }
        catch
        {
            lock (_lock)
            {
                _events.Remove(key);
            }

            mine.SetCanceled(CancellationToken.None);
            throw;
        }
    }

    private void Forget()
    {
        var now = clock.GetUtcNow();
        while (_order.TryPeek(out var oldest) && (oldest.Until <= now || _order.Count > MostEvents))
        {
            _order.Dequeue();
            if (_events.TryGetValue(oldest.Key, out var known) && known.Until == oldest.Until)
            {
                _events.Remove(oldest.Key);
            }
        }
    }

    private void Remember((Guid, UInt128) key, Task<(int, long)> place, DateTimeOffset until)
    {
        _events[key] = new Remembered(place, until);
        _order.Enqueue((key, until));
        Forget();
    }

    /// <summary>Once a channel. When the log cannot be read now, the next event tries again.</summary>
    private Task ReadBackAsync(Channel channel)
    {
        lock (_lock)
        {
            if (!_readBack.TryGetValue(channel.TopicId, out var reading) || reading.IsFaulted)
            {
                _readBack[channel.TopicId] = reading = ReadWindowAsync(channel);
            }

            return reading;
        }
    }

    private async Task ReadWindowAsync(Channel channel)
    {
        var since = clock.GetUtcNow() - window;
        foreach (var partition in channel.Partitions)
        {
            var end = partition.HighWatermark;
            var position = (await log.FindByTimeAsync(partition, EventTimes.CeilingMicros(since), LogClock.Recorded))?.Offset ?? end;
            while (position < end)
            {
                using var read = await log.ReadAsync(partition, position, ReadBytes);
                foreach (var batch in read.Batches)
                {
                    Note(channel, partition.Index, batch);
                }

                position = read.NextOffset;
            }
        }
    }

    private void Note(Channel channel, int partition, LogBatch batch)
    {
        using var records = new RecordBatchReader(batch.Batch.Span);
        for (var index = 0; records.MoveNext(); index++)
        {
            if (CloudEventName.Of(records.Current.ToEvent()) is not { } name)
            {
                continue;
            }

            var key = (channel.TopicId, name);
            lock (_lock)
            {
                if (!_events.ContainsKey(key))
                {
                    Remember(key, Task.FromResult((partition, records.Current.Offset)), DateTimeOffset.UnixEpoch.AddTicks(batch.RecordedAt(index) * TimeSpan.TicksPerMicrosecond) + window);
                }
            }
        }
    }

    /// <summary>Where an event is, or will be, and until when that is remembered.</summary>
    private readonly record struct Remembered(Task<(int Partition, long Offset)> Place, DateTimeOffset Until);
}
