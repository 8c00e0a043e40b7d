using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>The same through a real client: every codec, every kind of record, and what its calls say.</summary>
internal static class ClientScript
{
    private const long Time = 1_700_000_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(Conversation broker)
    {
        foreach (CompressionType codec in Enum.GetValues<CompressionType>())
        {
            string topic = $"client-{codec}";
            await broker.CreateAsync(topic);
            Produce(broker, topic, codec);
            await FetchScript.FetchAsync(broker, $"batches of {codec}", topic, 0);
            Consume(broker, topic);
        }

        await AdministerAsync(broker);
    }

    private static void Produce(Conversation broker, string topic, CompressionType codec)
    {
        var config = new ProducerConfig { BootstrapServers = broker.Bootstrap, CompressionType = codec, LingerMs = 500, EnableIdempotence = true };
        using IProducer<byte[]?, byte[]?> producer = new ProducerBuilder<byte[]?, byte[]?>(config).SetLogHandler((_, _) => { }).Build();
        for (int i = 0; i < 6; i++)
        {
            int number = i;
            producer.Produce(new TopicPartition(topic, 0), Message(i), report => broker.Transcript.Add(
                $"{topic} produced", string.Create(CultureInfo.InvariantCulture, $"{number}"), $"{report.Error.Code} at {report.Offset.Value}, {report.Status}, {report.Timestamp.Type}"));
        }

        producer.Flush(Patience);
    }

    private static Message<byte[]?, byte[]?> Message(int i)
    {
        var headers = new Headers { { "number", Bytes($"{i}") }, { "twice", Bytes("1") }, { "twice", Bytes("2") }, { "empty", [] }, { "null", null } };
        return new Message<byte[]?, byte[]?>
        {
            Key = i switch { 0 => null, 1 => [], _ => Bytes($"key {i % 3}") },
            Value = i switch { 2 => null, 3 => [], _ => Bytes($"body {i} {new string('x', 200)}") },
            Timestamp = new Timestamp(Time + i, TimestampType.CreateTime),
            Headers = i == 4 ? [] : headers,
        };
    }

    private static void Consume(Conversation broker, string topic)
    {
        var config = new ConsumerConfig { BootstrapServers = broker.Bootstrap, GroupId = $"group-{topic}", AutoOffsetReset = AutoOffsetReset.Earliest, EnableAutoCommit = false, EnablePartitionEof = true };
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(topic);
        while (consumer.Consume(Patience) is { } found)
        {
            if (found.IsPartitionEOF)
            {
                broker.Transcript.Add($"{topic} consumed", "end", $"{found.Offset.Value}");
                break;
            }

            string headers = string.Join(", ", found.Message.Headers.Select(header => $"{header.Key}={BatchLines.Text(Memory(header.GetValueBytes()))}"));
            broker.Transcript.Add(
                $"{topic} consumed",
                $"{found.Offset.Value}",
                $"{BatchLines.Text(Memory(found.Message.Key))} = {BatchLines.Text(Memory(found.Message.Value))} at {found.Message.Timestamp.UnixTimestampMs} {found.Message.Timestamp.Type}, epoch {broker.Transcript.EpochName(found.LeaderEpoch ?? -1)} [{headers}]");
        }

        Ask(broker, consumer, topic);
        consumer.Close();
    }

    private static void Ask(Conversation broker, IConsumer<byte[], byte[]> consumer, string topic)
    {
        var partition = new TopicPartition(topic, 0);
        string Offsets(IEnumerable<TopicPartitionOffset> offsets) => string.Join(' ', offsets.Select(o => $"{o.TopicPartition} at {o.Offset}"));
        void Say(string place, object said) => broker.Transcript.Add($"{topic} asked", place, $"{said}");
        Say("assignment", string.Join(' ', consumer.Assignment));
        Say("committed before", Offsets(consumer.Committed([partition], Patience)));
        Say("commit", Offsets(consumer.Commit()));
        Say("committed", Offsets(consumer.Committed([partition], Patience)));
        Say("watermarks", consumer.QueryWatermarkOffsets(partition, Patience));
        foreach (long time in (long[])[0, Time + 2, Time + 1000])
        {
            Say($"offset for {time}", Offsets(consumer.OffsetsForTimes([new TopicPartitionTimestamp(partition, new Timestamp(time, TimestampType.CreateTime))], Patience)));
        }
    }

    private static async Task AdministerAsync(Conversation broker)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Bootstrap }).SetLogHandler((_, _) => { }).Build();
        await SayAsync(broker, "create", () => admin.CreateTopicsAsync([new TopicSpecification { Name = "client-admin", NumPartitions = 2 }]));
        await broker.UntilKnownAsync("client-admin", 2);
        await SayAsync(broker, "create again", () => admin.CreateTopicsAsync([new TopicSpecification { Name = "client-admin", NumPartitions = 2 }]));
        await SayAsync(broker, "create badly", () => admin.CreateTopicsAsync([new TopicSpecification { Name = "bad name" }]));
        await SayAsync(broker, "delete an unknown topic", () => admin.DeleteTopicsAsync(["client-unknown"]));
        await SayAsync(broker, "delete an unknown group", () => admin.DeleteGroupsAsync(["client-unknown"]));
        await SayAsync(broker, "delete records beyond the end", () => admin.DeleteRecordsAsync([new TopicPartitionOffset("client-admin", 0, 5)]));
        DescribeTopicsResult topics = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["client-admin"]));
        broker.Transcript.Add("client describes a topic", "topic", string.Join(' ', topics.TopicDescriptions.Select(topic => $"{topic.Name} {topic.Error.Code} {topic.Partitions.Count} {topic.IsInternal}")));
        DescribeConsumerGroupsResult groups = await admin.DescribeConsumerGroupsAsync(["group-client-Gzip", "client-unknown"]);
        broker.Transcript.Add("client describes groups", "groups", string.Join(' ', groups.ConsumerGroupDescriptions.Select(group => $"{group.GroupId} {group.Error.Code} {group.State} {group.IsSimpleConsumerGroup} {group.PartitionAssignor} {group.Members.Count}")));
        ListOffsetsResult offsets = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition("client-Gzip", 0), OffsetSpec = OffsetSpec.MaxTimestamp() }]);
        broker.Transcript.Add("client lists offsets", "offsets", string.Join(' ', offsets.ResultInfos.Select(info => $"{info.TopicPartitionOffsetError.TopicPartition} {info.TopicPartitionOffsetError.Offset} {info.TopicPartitionOffsetError.Error.Code} at {info.Timestamp}")));
    }

    private static async Task SayAsync(Conversation broker, string step, Func<Task> ask)
    {
        string said = "good";
        try
        {
            await ask();
        }
        catch (CreateTopicsException error)
        {
            said = string.Join(' ', error.Results.Select(result => result.Error.Code));
        }
        catch (DeleteRecordsException error)
        {
            said = string.Join(' ', error.Results.Select(result => result.Error.Code));
        }
        catch (DeleteTopicsException error)
        {
            said = string.Join(' ', error.Results.Select(result => result.Error.Code));
        }
        catch (DeleteGroupsException error)
        {
            said = string.Join(' ', error.Results.Select(result => result.Error.Code));
        }

        broker.Transcript.Add($"client: {step}", "said", said);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static ReadOnlyMemory<byte>? Memory(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
