using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>
/// A producer as Kafka's clients are: numbered batches, up to five in flight, and after a failure the same batches with the same numbers again, also after the node was
/// restarted. Its memory outlives the node.
/// </summary>
internal sealed class IdempotentProducer(World world, string name)
{
    private const int MostInFlight = 5;

    private readonly Dictionary<(Guid Topic, int Partition), int> _sequences = [];
    private readonly List<NumberedBatch> _pending = [];
    private readonly List<NumberedBatch> _acknowledged = [];
    private long _id = -1;
    private Guid _topic;
    private int _partition = -1;

    /// <summary>One round: some new batches, and all that is not acknowledged sent once.</summary>
    public async Task RunAsync(LogSession session, NodeWatch watch)
    {
        if (_id < 0 && !await TryTakeIdAsync(session))
        {
            return;
        }

        if (Target(session.Log) is not { } partition)
        {
            return;
        }

        for (var more = 1 + world.Random.Next(3); more > 0 && _pending.Count < MostInFlight; more--)
        {
            _pending.Add(Number(Content.Draw(world, name, _topic, _partition, oddTimes: false)));
        }

        if (_acknowledged.Count > 0 && world.Random.Next(8) == 0)
        {
            await RepeatAsync(session, partition, world.Random.Next(_acknowledged.Count));
        }

        await SendAsync(session, partition, watch);
    }

    private async Task<bool> TryTakeIdAsync(LogSession session)
    {
        try
        {
            var id = await session.Log.AllocateProducerIdAsync();
            world.Findings.Require(world.ProducerIds.Add(id), "I2", $"producer id {id} was handed out twice");
            _id = id;
            return true;
        }
        catch (LogUnavailableException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(20));
            return false;
        }
    }

    private async Task SendAsync(LogSession session, LogPartition partition, NodeWatch watch)
    {
        var since = watch.Mark();
        var calls = new List<(NumberedBatch Batch, Task<AppendResult> Call)>();
        foreach (var batch in _pending)
        {
            batch.Attempts++;
            calls.Add((batch, session.AppendAsync(partition, batch.Bytes.ToArray())));
        }

        LogUnavailableException? failure = null;
        foreach (var (batch, call) in calls)
        {
            try
            {
                var result = await call;
                watch.Acknowledged(result.Status, since, batch.Events[0].Id);
                Settle(batch, result, inOrder: failure is null);
            }
            catch (LogUnavailableException error)
            {
                failure = error;
            }
        }

        if (failure is not null)
        {
            await world.Wait(TimeSpan.FromMilliseconds(20 + world.Random.Next(500)));
        }
    }

    private void Settle(NumberedBatch batch, AppendResult result, bool inOrder)
    {
        switch (result.Status)
        {
            case AppendStatus.Appended or AppendStatus.Duplicate:
                Acknowledge(batch, result.BaseOffset);
                _pending.Remove(batch);
                _acknowledged.Add(batch);
                if (_acknowledged.Count > MostInFlight)
                {
                    _acknowledged.RemoveAt(0);
                }

                break;
            case AppendStatus.Closed:
                foreach (var sent in batch.Events)
                {
                    sent.Refused = batch.Attempts == 1;
                }

                Forget();
                break;
            case AppendStatus.OutOfOrderSequence when !inOrder:
                break;
            default:
                world.Findings.Add("I6", $"{batch.Events[0].Id}, sequence {batch.Sequence} of producer {_id}, sent in order, was answered {result.Status}");
                Forget();
                break;
        }
    }

    // The network may deliver a request twice, and a client may not have seen the answer: the same batch must be answered with the same offset, as long as it is among the last five
    // that the node may have taken. Batches that were sent and never answered may be among those five.
    private async Task RepeatAsync(LogSession session, LogPartition partition, int index)
    {
        var batch = _acknowledged[index];
        var newer = _acknowledged.Count - 1 - index + _pending.Count(sent => sent.Attempts > 0);
        try
        {
            var result = await session.AppendAsync(partition, batch.Bytes.ToArray());
            world.Findings.Require(
                result.Status is AppendStatus.Duplicate or AppendStatus.Closed || (result.Status == AppendStatus.OutOfOrderSequence && newer >= MostInFlight),
                "I6",
                $"{batch.Events[0].Id} was acknowledged, and sent again answered {result.Status} at {result.BaseOffset}");
            if (result.Status is AppendStatus.Duplicate or AppendStatus.Appended)
            {
                Acknowledge(batch, result.BaseOffset);
            }
        }
        catch (LogUnavailableException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(20));
        }
    }

    private void Acknowledge(NumberedBatch batch, long offset)
    {
        foreach (var sent in batch.Events)
        {
            world.Ledger.Acknowledge(sent, offset++);
        }
    }

    private NumberedBatch Number(List<SentEvent> events)
    {
        var sequence = _sequences.GetValueOrDefault((_topic, _partition));
        _sequences[(_topic, _partition)] = sequence + events.Count;
        return new NumberedBatch(sequence, events, WireBatch.Write([.. events.Select(sent => sent.Content)], _id, 0, sequence));
    }

    private LogPartition? Target(EventLog log)
    {
        if (_partition >= 0 && log.Find(_topic) is { IsClosed: false } channel && (_pending.Count > 0 || world.Random.Next(10) > 0))
        {
            return channel.Partitions[_partition];
        }

        Forget();
        if (world.AnyPartition(log) is not { } partition)
        {
            return null;
        }

        _topic = partition.Channel.TopicId;
        _partition = partition.Index;
        return partition;
    }

    private void Forget()
    {
        _partition = -1;
        _pending.Clear();
        _acknowledged.Clear();
    }

    private sealed record NumberedBatch(int Sequence, List<SentEvent> Events, byte[] Bytes)
    {
        public int Attempts { get; set; }
    }
}
