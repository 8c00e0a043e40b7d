using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using TattleTail.Bench.Load;

namespace TattleTail.Bench;

/// <summary>
/// What the Kafka endpoint takes and gives with one Confluent.Kafka producer and consumer, where the client is the limit, beside the same client against Apache Kafka. Events have 550 bytes, four
/// of their parts headers.
/// </summary>
internal static class SpewBenchmark
{
    private const int Runs = 5;
    private const int ClientEvents = 400_000;

    private static readonly Message<byte[], byte[]>[] Messages = [.. Enumerable.Range(0, 20_000).Select(BenchmarkEvents.Message)];

    private sealed record Broker(string Name, string Bootstrap, Dictionary<string, string> ChannelConfigs);

    /// <summary>Runs all and prints medians of events a second.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="kafkaBootstrap">A real Apache Kafka to measure beside, or null.</param>
    public static async Task RunAsync(TextWriter output, string? kafkaBootstrap)
    {
        await using var node = new NodeUnderTest();
        await node.StartAsync(("TATTLETAIL_SEAL_AGE", "1h"));
        await output.WriteLineAsync($"Kafka endpoint, events of {BenchmarkEvents.EventBytes} bytes, medians of {Runs} turns in events/s:");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  the disk by itself, write + fdatasync of 1 MiB at a time: {DiskRate.EventsPerSecond(BenchmarkEvents.EventBytes):N0}"));
        List<Broker> brokers = [new("TattleTail, acknowledges what is fsynced", node.Bootstrap, [])];
        if (kafkaBootstrap is not null)
        {
            brokers.Add(new("Apache Kafka, acknowledges before it fsyncs", kafkaBootstrap, []));
            brokers.Add(new("Apache Kafka, flush.messages=1", kafkaBootstrap, new() { ["flush.messages"] = "1" }));
        }

        foreach (CompressionType compression in new[] { CompressionType.None, CompressionType.Lz4 })
        {
            await ClientAsync(output, brokers, compression);
        }

        await ArchiveAsync(output, node);
    }

    /// <summary>The same consumer, when all that it reads comes out of the archive, each turn with a node that was just started.</summary>
    private static async Task ArchiveAsync(TextWriter output, NodeUnderTest node)
    {
        string channel = $"archived-{Guid.NewGuid():N}";
        await CreateAsync(new Broker("", node.Bootstrap, []), channel);
        Produce(node.Bootstrap, channel, CompressionType.Lz4);
        await node.SealAsync();
        var consumed = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            await node.StopAsync();
            await node.StartAsync(("TATTLETAIL_READ_THROUGH_ARCHIVE", "true"));
            consumed.Add(Consume(node.Bootstrap, channel));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  TattleTail's archive; Confluent.Kafka: consume {Medians.Of(consumed):N0}"));
    }

    /// <summary>The brokers take turns, so that all meet the same disk.</summary>
    private static async Task ClientAsync(TextWriter output, List<Broker> brokers, CompressionType compression)
    {
        var produced = brokers.ConvertAll(_ => new List<double>());
        var consumed = brokers.ConvertAll(_ => new List<double>());
        for (int run = -1; run < Runs; run++)
        {
            for (int i = 0; i < brokers.Count; i++)
            {
                string channel = $"client-{compression}-{Guid.NewGuid():N}";
                await CreateAsync(brokers[i], channel);
                double produce = Produce(brokers[i].Bootstrap, channel, compression);
                double consume = Consume(brokers[i].Bootstrap, channel);
                if (run >= 0)
                {
                    produced[i].Add(produce);
                    consumed[i].Add(consume);
                }
            }
        }

        for (int i = 0; i < brokers.Count; i++)
        {
            await PrintAsync(output, $"{brokers[i].Name}; Confluent.Kafka, {compression}", produced[i], consumed[i]);
        }
    }

    private static async Task CreateAsync(Broker broker, string channel)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = channel, NumPartitions = 1, ReplicationFactor = 1, Configs = broker.ChannelConfigs }]);
    }

    private static double Produce(string bootstrap, string channel, CompressionType compression)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, CompressionType = compression, EnableIdempotence = true, LingerMs = 5, QueueBufferingMaxKbytes = 256 * 1024 };
        using IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(config).Build();
        // Opens the connections before the clock starts.
        producer.ProduceAsync(new TopicPartition(channel, 0), Messages[0]).GetAwaiter().GetResult();
        long started = Stopwatch.GetTimestamp();
        for (int i = 1; i < ClientEvents; i++)
        {
            Enqueue(producer, channel, Messages[i % Messages.Length]);
        }

        producer.Flush(CancellationToken.None);
        return ClientEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Enqueue(IProducer<byte[], byte[]> producer, string channel, Message<byte[], byte[]> message)
    {
        while (true)
        {
            try
            {
                producer.Produce(new TopicPartition(channel, 0), message);
                return;
            }
            catch (ProduceException<byte[], byte[]> full) when (full.Error.Code == ErrorCode.Local_QueueFull)
            {
                producer.Poll(TimeSpan.FromMilliseconds(10));
            }
        }
    }

    private static double Consume(string bootstrap, string channel)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = "bench", EnableAutoCommit = false, FetchMaxBytes = 50 * 1024 * 1024, MaxPartitionFetchBytes = 4 * 1024 * 1024 };
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(config).Build();
        consumer.Assign(new TopicPartitionOffset(channel, 0, Offset.Beginning));
        consumer.Consume(CancellationToken.None);
        long started = Stopwatch.GetTimestamp();
        for (int i = 1; i < ClientEvents; i++)
        {
            consumer.Consume(CancellationToken.None);
        }

        return ClientEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task PrintAsync(TextWriter output, string what, List<double> produced, List<double> consumed) =>
        output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {what}: produce {Medians.Of(produced):N0}, consume {Medians.Of(consumed):N0}"));
}
