using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace TattleTail.Spew.Tests.Clients;

public sealed class ConfluentBehaviourTests(SharedNode shared) : Behaviours(shared), IClassFixture<SharedNode>;

/// <summary>The same, all of it read from Parquet files.</summary>
public sealed class ConfluentBehaviourThroughArchiveTests(ArchiveNode shared) : Behaviours(shared), IClassFixture<ArchiveNode>;

public abstract class Behaviours(SharedNode shared)
{
    private const long Time = 1_700_000_000_000;

    [Fact]
    public async Task Consumer_ByTime_StartsAtTheFirstEventNotBefore()
    {
        TopicPartition partition = await FilledAsync("by-time", 50);
        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);

        List<TopicPartitionOffset> found = consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(partition, new Timestamp(Time + 20, TimestampType.CreateTime))], TimeSpan.FromSeconds(20));
        consumer.Assign(found);

        Assert.Equal(20, Assert.Single(found).Offset.Value);
        Assert.Equal(20, consumer.Take(1)[0].Offset.Value);
        Assert.Equal(Offset.End, Assert.Single(consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(partition, new Timestamp(Time + 1000, TimestampType.CreateTime))], TimeSpan.FromSeconds(20))).Offset);
    }

    [Fact]
    public async Task Consumer_WatermarksAndSeek_AreServed()
    {
        TopicPartition partition = await FilledAsync("seek", 30);
        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        consumer.Take(30);

        consumer.Seek(new TopicPartitionOffset(partition, 11));

        Assert.Equal(11, consumer.Take(1)[0].Offset.Value);
        WatermarkOffsets marks = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(20));
        Assert.Equal((0, 30), (marks.Low.Value, marks.High.Value));
    }

    [Theory]
    [InlineData(AutoOffsetReset.Earliest, 0)]
    [InlineData(AutoOffsetReset.Latest, 10)]
    public async Task Consumer_OutOfRange_IsReset(AutoOffsetReset reset, long expected)
    {
        TopicPartition partition = await FilledAsync($"range-{reset}", 10);
        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap, reset);
        consumer.Assign(new TopicPartitionOffset(partition, 1_000_000));
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap);
        if (reset == AutoOffsetReset.Latest)
        {
            // The reset has happened once the position is known; what comes after it is delivered.
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (consumer.Consume(TimeSpan.FromMilliseconds(200)) is null)
            {
                patience.Token.ThrowIfCancellationRequested();
                await producer.ProduceAsync(partition, ConfluentClient.Message(1, Time));
            }

            return;
        }

        Assert.Equal(expected, consumer.Take(1)[0].Offset.Value);
    }

    [Fact]
    public async Task Producer_TooLargeMessage_IsToldSoAndTheNextPasses()
    {
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "small", NumPartitions = 1, Configs = new() { ["max.message.bytes"] = "1000" } }]);
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c => c.EnableIdempotence = false);

        ProduceException<byte[]?, byte[]?> refused = await Assert.ThrowsAsync<ProduceException<byte[]?, byte[]?>>(
            () => producer.ProduceAsync("small", new Message<byte[]?, byte[]?> { Value = new byte[2000] }));
        DeliveryResult<byte[]?, byte[]?> taken = await producer.ProduceAsync("small", new Message<byte[]?, byte[]?> { Value = new byte[100] });

        Assert.Equal(ErrorCode.MsgSizeTooLarge, refused.Error.Code);
        Assert.Equal(0, taken.Offset.Value);
    }

    [Fact]
    public async Task Producer_KeysOverPartitions_KeepTheirOrder()
    {
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "many", NumPartitions = 8 }]);
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c => c.EnableIdempotence = true);
        await Task.WhenAll(Enumerable.Range(0, 800).Select(i => producer.ProduceAsync(
            "many", new Message<byte[]?, byte[]?> { Key = [(byte)(i % 40)], Value = BitConverter.GetBytes(i) })));
        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);
        consumer.Assign(Enumerable.Range(0, 8).Select(p => new TopicPartitionOffset("many", p, Offset.Beginning)));

        List<ConsumeResult<byte[]?, byte[]?>> read = consumer.Take(800);

        foreach (IGrouping<byte, ConsumeResult<byte[]?, byte[]?>> key in read.GroupBy(r => r.Message.Key![0]))
        {
            Assert.Single(key.Select(r => r.Partition).Distinct());
            int[] order = [.. key.Select(r => BitConverter.ToInt32(r.Message.Value))];
            Assert.Equal(order.Order(), order);
        }
    }

    [Fact]
    public async Task Admin_CreateAndDelete_AreSeenInMetadata()
    {
        using IAdminClient admin = Admin();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "short-lived", NumPartitions = 4 }]);
        Metadata there = admin.GetMetadata(TimeSpan.FromSeconds(20));
        CreateTopicsException again = await Assert.ThrowsAsync<CreateTopicsException>(
            () => admin.CreateTopicsAsync([new TopicSpecification { Name = "short-lived", NumPartitions = 4 }]));
        await FilledAsync("short-lived", 5);
        await admin.DeleteTopicsAsync(["short-lived"]);
        Metadata gone = admin.GetMetadata(TimeSpan.FromSeconds(20));

        Assert.Equal(4, there.Topics.Single(t => t.Topic == "short-lived").Partitions.Count);
        Assert.Equal(ErrorCode.TopicAlreadyExists, again.Results.Single().Error.Code);
        Assert.DoesNotContain(gone.Topics, t => t.Topic == "short-lived");
    }

    [Fact]
    public async Task Producer_UnknownChannel_CreatesItWithTheDefaultPartitions()
    {
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap);

        DeliveryResult<byte[]?, byte[]?> result = await producer.ProduceAsync("made.on-the_fly", ConfluentClient.Message(1, Time));

        Assert.Equal(0, result.Offset.Value);
        Assert.Single(shared.Node.Log.Find("made.on-the_fly")!.Partitions);
    }

    private IAdminClient Admin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = shared.Bootstrap }).SetLogHandler(static (_, _) => { }).Build();

    private async Task<TopicPartition> FilledAsync(string channel, int events)
    {
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c => c.EnableIdempotence = true);
        var partition = new TopicPartition(channel, 0);
        await Task.WhenAll(Enumerable.Range(0, events).Select(i => producer.ProduceAsync(partition, ConfluentClient.Message(i, Time))));
        return partition;
    }
}
