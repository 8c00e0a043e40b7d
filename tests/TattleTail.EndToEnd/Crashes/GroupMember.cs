using System.Collections.Concurrent;
using Confluent.Kafka;

namespace TattleTail.EndToEnd.Crashes;

/// <summary>A consumer of a group that outlives the node's crashes: it reads, commits every few events and waits for each commit's answer.</summary>
internal sealed class GroupMember : IDisposable
{
    private const int EventsPerCommit = 25;

    private readonly GroupProgress _progress;
    private readonly IConsumer<Ignore, string> _consumer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _work;

    // What comes next of each partition that it is assigned and has read of. Only its own thread touches it, in which the client calls back too.
    private readonly Dictionary<TopicPartition, long> _next = [];
    private int _uncommitted;

    public GroupMember(int port, GroupProgress progress, string? instanceId = null)
    {
        _progress = progress;
        _consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig
        {
            BootstrapServers = $"127.0.0.1:{port}",
            GroupId = GroupProgress.Group,
            GroupInstanceId = instanceId,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 15_000,
            HeartbeatIntervalMs = 300,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
        })
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => Note(error))
            .SetPartitionsRevokedHandler((_, gone) => Forget(gone))
            .SetPartitionsLostHandler((_, gone) => Forget(gone))
            .Build();
        _consumer.Subscribe(GroupProgress.Topic);
        _work = new Thread(Consume);
        _work.Start();
    }

    /// <summary>Commits of it that were answered well.</summary>
    public int Commits { get; private set; }

    /// <summary>Stops and leaves the group.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _work.Join();
        _consumer.Close();
        _consumer.Dispose();
        _stop.Dispose();
    }

    private void Consume()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                Take(_consumer.Consume(TimeSpan.FromMilliseconds(100)));
            }
            catch (KafkaException error)
            {
                // The node is away, or the group is forming anew: what was not committed is read again.
                Note(error.Error);
            }
        }
    }

    private void Take(ConsumeResult<Ignore, string>? found)
    {
        if (found is not null)
        {
            if (_next.TryGetValue(found.TopicPartition, out long expected) && expected != found.Offset.Value)
            {
                _progress.Faults.Enqueue($"{found.TopicPartition} went on at {found.Offset.Value} instead of {expected}");
            }

            _progress.Seen[found.Message.Value] = true;
            _next[found.TopicPartition] = found.Offset.Value + 1;
            _uncommitted++;
        }

        if (_uncommitted >= EventsPerCommit || (found is null && _uncommitted > 0))
        {
            Commit();
        }
    }

    private void Commit()
    {
        TopicPartitionOffset[] offsets = [.. _next.Select(next => new TopicPartitionOffset(next.Key, next.Value))];
        _consumer.Commit(offsets);
        _uncommitted = 0;
        Commits++;
        foreach (TopicPartitionOffset offset in offsets)
        {
            _progress.Committed.AddOrUpdate(offset.Partition.Value, offset.Offset.Value, (_, before) => Math.Max(before, offset.Offset.Value));
        }
    }

    private void Forget(IEnumerable<TopicPartitionOffset> gone)
    {
        foreach (TopicPartitionOffset each in gone)
        {
            _next.Remove(each.TopicPartition);
        }

        _uncommitted = 0;
    }

    private void Note(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.FencedInstanceId or ErrorCode.OffsetOutOfRange or ErrorCode.InconsistentGroupProtocol)
        {
            _progress.Faults.Enqueue($"{error.Code}: {error.Reason}");
        }
    }
}

/// <summary>What all members of a group together have come to.</summary>
internal sealed class GroupProgress
{
    public const string Topic = "shared";
    public const string Group = "crashing";

    /// <summary>Values of the events that somebody has read.</summary>
    public ConcurrentDictionary<string, bool> Seen { get; } = new(StringComparer.Ordinal);

    /// <summary>The largest offset of each partition whose commit was answered well.</summary>
    public ConcurrentDictionary<int, long> Committed { get; } = [];

    /// <summary>What no member should have met.</summary>
    public ConcurrentQueue<string> Faults { get; } = [];
}
