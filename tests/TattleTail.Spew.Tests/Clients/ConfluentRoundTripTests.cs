using Confluent.Kafka;

namespace TattleTail.Spew.Tests.Clients;

public sealed class ConfluentRoundTripTests(SharedNode shared) : RoundTrips(shared), IClassFixture<SharedNode>;

/// <summary>The same, all of it read from Parquet files.</summary>
public sealed class ConfluentRoundTripThroughArchiveTests(ArchiveNode shared) : RoundTrips(shared), IClassFixture<ArchiveNode>;

public abstract class RoundTrips(SharedNode shared)
{
    private const int Events = 400;
    private const long Time = 1_700_000_000_000;

    [Theory]
    [InlineData(CompressionType.None, Acks.All, false)]
    [InlineData(CompressionType.Gzip, Acks.All, false)]
    [InlineData(CompressionType.Snappy, Acks.Leader, false)]
    [InlineData(CompressionType.Lz4, Acks.None, false)]
    [InlineData(CompressionType.Zstd, Acks.All, false)]
    [InlineData(CompressionType.None, Acks.None, false)]
    [InlineData(CompressionType.None, Acks.All, true)]
    [InlineData(CompressionType.Gzip, Acks.All, true)]
    [InlineData(CompressionType.Snappy, Acks.All, true)]
    [InlineData(CompressionType.Lz4, Acks.All, true)]
    [InlineData(CompressionType.Zstd, Acks.All, true)]
    public void Events_OfEveryKind_ComeBackAsTheyWereSent(CompressionType compression, Acks acks, bool idempotent)
    {
        string channel = $"round-{compression}-{acks}-{idempotent}";
        List<Message<byte[]?, byte[]?>> sent = [.. Enumerable.Range(0, Events).Select(i => ConfluentClient.Message(i, Time))];
        var partition = new TopicPartition(channel, 0);
        using (IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c =>
        {
            c.CompressionType = compression;
            c.Acks = acks;
            c.EnableIdempotence = idempotent;
        }))
        {
            foreach (Message<byte[]?, byte[]?> message in sent)
            {
                producer.Produce(partition, message, static report => Assert.False(report.Error.IsError, report.Error.Reason));
            }

            Assert.Equal(0, producer.Flush(TimeSpan.FromSeconds(30)));
        }

        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        List<ConsumeResult<byte[]?, byte[]?>> read = consumer.Take(Events);

        Assert.Equal(Enumerable.Range(0, Events).Select(i => (long)i), read.Select(r => r.Offset.Value));
        Assert.Equal(sent.Select(ConfluentClient.Describe), read.Select(r => ConfluentClient.Describe(r.Message)));
    }

    [Fact]
    public async Task Consumer_FromTheBeginning_GoesOnLive()
    {
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c => c.EnableIdempotence = true);
        var partition = new TopicPartition("live", 0);
        await ProduceAsync(0, 100);
        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));

        List<string> read = [.. consumer.Take(100).Select(r => ConfluentClient.Describe(r.Message))];
        for (int from = 100; from < 200; from += 10)
        {
            await ProduceAsync(from, from + 10);
            read.AddRange(consumer.Take(10).Select(r => ConfluentClient.Describe(r.Message)));
        }

        Assert.Equal(Enumerable.Range(0, 200).Select(i => ConfluentClient.Describe(ConfluentClient.Message(i, Time))), read);

        Task ProduceAsync(int from, int to) =>
            Task.WhenAll(Enumerable.Range(from, to - from).Select(i => producer.ProduceAsync(partition, ConfluentClient.Message(i, Time))));
    }

    [Fact]
    public async Task Consumer_SealedHistory_ReadsOnWithoutASeam()
    {
        using IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(shared.Bootstrap, c => c.CompressionType = CompressionType.Zstd);
        var partition = new TopicPartition("sealed", 0);
        for (int part = 0; part < 3; part++)
        {
            await Task.WhenAll(Enumerable.Range(part * 200, 200).Select(i => producer.ProduceAsync(partition, ConfluentClient.Message(i, Time))));
            if (part < 2)
            {
                await shared.Node.Log.SealAsync("sealed");
            }
        }

        using IConsumer<byte[]?, byte[]?> consumer = ConfluentClient.Consumer(shared.Bootstrap);
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));

        List<ConsumeResult<byte[]?, byte[]?>> read = consumer.Take(600);

        Assert.Equal(Enumerable.Range(0, 600).Select(i => ConfluentClient.Describe(ConfluentClient.Message(i, Time))), read.Select(r => ConfluentClient.Describe(r.Message)));
    }
}

/// <summary>One node for the tests of a class; each uses channels of its own.</summary>
public class SharedNode : IAsyncLifetime
{
    internal SpewTestNode Node { get; private set; } = null!;

    public string Bootstrap => Node.Bootstrap;

    /// <summary>Everything is read from the archive.</summary>
    protected virtual bool ReadsThroughArchive => false;

    public async ValueTask InitializeAsync() => Node = await SpewTestNode.StartAsync(readThroughArchive: ReadsThroughArchive);

    public async ValueTask DisposeAsync()
    {
        await (Node?.DisposeAsync() ?? default);
        GC.SuppressFinalize(this);
    }
}

/// <summary>A node that serves everything from Parquet files.</summary>
public sealed class ArchiveNode : SharedNode
{
    protected override bool ReadsThroughArchive => true;
}
