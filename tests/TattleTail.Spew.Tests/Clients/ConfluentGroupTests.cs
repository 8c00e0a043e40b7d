using System.Text;
using Confluent.Kafka;
using TattleTail.Spew.Groups;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Clients;

/// <summary>Groups as librdkafka's consumers use them.</summary>
public sealed class ConfluentGroupTests
{
    private static readonly SpewOptions Quick = new()
    {
        DefaultPartitions = 4,
        Groups = new GroupOptions { InitialRebalanceDelay = TimeSpan.FromMilliseconds(100), MinSessionTimeout = TimeSpan.FromMilliseconds(500) },
    };

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Group_OfTwo_SharesThePartitions_AndAMemberThatDiesLeavesItsOnesToTheOther(PartitionAssignmentStrategy strategy)
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(Quick);
        await ProduceAsync(node, 0, 100);
        using var one = new Member(node, strategy);
        using var two = new Member(node, strategy);
        await Eventually.HoldsAsync(() => one.Assigned.Length == 2 && two.Assigned.Length == 2, "two partitions each");
        await Eventually.HoldsAsync(() => one.Seen.Concat(two.Seen).Distinct().Count() == 100, "all events");

        two.Die();
        await Eventually.HoldsAsync(() => one.Assigned.Length == 4, "the partitions of the dead member");
        await ProduceAsync(node, 100, 100);
        await Eventually.HoldsAsync(() => Enumerable.Range(0, 200).All(i => one.Seen.Concat(two.Seen).Contains(i)), "what came later");
    }

    [Fact]
    public async Task Group_WhoseMembersAreGone_GoesOnWhereItCommitted()
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(Quick with { DefaultPartitions = 1 });
        await ProduceAsync(node, 0, 20);
        using (IConsumer<byte[]?, byte[]?> first = Consumer(node, PartitionAssignmentStrategy.Range))
        {
            first.Subscribe("orders");
            List<ConsumeResult<byte[]?, byte[]?>> taken = first.Take(10);
            first.Commit([new TopicPartitionOffset(taken[^1].TopicPartition, taken[^1].Offset + 1)]);
            first.Close();
        }

        using IConsumer<byte[]?, byte[]?> second = Consumer(node, PartitionAssignmentStrategy.Range);
        second.Subscribe("orders");
        Assert.Equal(10, second.Take(1)[0].Offset.Value);
        Assert.Equal(10, Assert.Single(second.Committed([new TopicPartition("orders", 0)], TimeSpan.FromSeconds(10))).Offset.Value);
    }

    [Fact]
    public async Task StaticMember_ThatRestarts_GetsItsPartitionsBackAndNobodyElseIsDisturbed()
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(Quick);
        await ProduceAsync(node, 0, 40);
        using var other = new Member(node, PartitionAssignmentStrategy.Range, "other");
        var restarted = new Member(node, PartitionAssignmentStrategy.Range, "restarted");
        await Eventually.HoldsAsync(() => other.Assigned.Length == 2 && restarted.Assigned.Length == 2, "two partitions each");
        int rebalances = other.Rebalances;
        var before = restarted.Assigned.ToHashSet();

        // A static member that closes does not leave.
        restarted.Dispose();
        using var back = new Member(node, PartitionAssignmentStrategy.Range, "restarted");
        await Eventually.HoldsAsync(() => back.Assigned.Length == 2, "its partitions");

        Assert.Equal(before, back.Assigned.ToHashSet());
        Assert.Equal(rebalances, other.Rebalances);
    }

    private static async Task ProduceAsync(SpewTestNode node, int from, int count)
    {
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(node.Bootstrap);
        await Task.WhenAll(Enumerable.Range(from, count).Select(i => producer.ProduceAsync(
            "orders", new Message<byte[]?, byte[]?> { Key = Encoding.UTF8.GetBytes($"k{i}"), Value = Encoding.UTF8.GetBytes($"{i}") })));
    }

    private static IConsumer<byte[]?, byte[]?> Consumer(
        SpewTestNode node, PartitionAssignmentStrategy strategy, string? instance = null, Action<ConsumerBuilder<byte[]?, byte[]?>>? build = null)
    {
        var builder = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = node.Bootstrap,
            GroupId = "billing",
            GroupInstanceId = instance,
            PartitionAssignmentStrategy = strategy,
            SessionTimeoutMs = 3_000,
            HeartbeatIntervalMs = 200,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            FetchWaitMaxMs = 100,
        });
        builder.SetLogHandler(static (_, _) => { });
        build?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>A consumer that polls on a thread of its own.</summary>
    private sealed class Member : IDisposable
    {
        private readonly IConsumer<byte[]?, byte[]?> _consumer;
        private readonly CancellationTokenSource _end = new();
        private readonly Thread _polling;
        private volatile int[] _seen = [];
        private volatile TopicPartition[] _assigned = [];
        private bool _isDead;

        public Member(SpewTestNode node, PartitionAssignmentStrategy strategy, string? instance = null)
        {
            _consumer = Consumer(node, strategy, instance, builder => builder
                .SetPartitionsAssignedHandler((_, _) => Rebalances++)
                .SetPartitionsRevokedHandler((_, _) => Rebalances++));
            _consumer.Subscribe("orders");
            _polling = new Thread(Poll) { IsBackground = true };
            _polling.Start();
        }

        public IReadOnlyList<int> Seen => _seen;

        public TopicPartition[] Assigned => _assigned;

        public int Rebalances { get; private set; }

        /// <summary>Stops without leaving, so that only its silence tells.</summary>
        public void Die()
        {
            _isDead = true;
            Stop();
            _consumer.Dispose();
        }

        public void Dispose()
        {
            if (!_isDead)
            {
                Stop();
                _consumer.Close();
                _consumer.Dispose();
            }

            _end.Dispose();
        }

        private void Stop()
        {
            _end.Cancel();
            _polling.Join();
        }

        private void Poll()
        {
            while (!_end.IsCancellationRequested)
            {
                if (_consumer.Consume(50) is { } result)
                {
                    _seen = [.. _seen, int.Parse(Encoding.UTF8.GetString(result.Message.Value!), System.Globalization.CultureInfo.InvariantCulture)];
                }

                _assigned = [.. _consumer.Assignment];
            }
        }
    }
}
