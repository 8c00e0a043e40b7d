using System.Text;
using Confluent.Kafka;

namespace TattleTail.Spew.Tests.Clients;

/// <summary>Producers and consumers of Confluent.Kafka (librdkafka) as the tests use them.</summary>
internal static class ConfluentClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IProducer<byte[]?, byte[]?> Producer(string bootstrap, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, LingerMs = 2, MessageTimeoutMs = 20_000 };
        configure?.Invoke(config);
        return new ProducerBuilder<byte[]?, byte[]?>(config)
            .SetKeySerializer(Serializers.ByteArray!)
            .SetValueSerializer(Serializers.ByteArray!)
            .SetLogHandler(static (_, _) => { })
            .Build();
    }

    public static IConsumer<byte[]?, byte[]?> Consumer(string bootstrap, AutoOffsetReset reset = AutoOffsetReset.Error)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = "unused", EnableAutoCommit = false, AutoOffsetReset = reset, FetchWaitMaxMs = 500 };
        return new ConsumerBuilder<byte[]?, byte[]?>(config).SetLogHandler(static (_, _) => { }).Build();
    }

    /// <summary>The next events of what the consumer is assigned.</summary>
    public static List<ConsumeResult<byte[]?, byte[]?>> Take(this IConsumer<byte[]?, byte[]?> consumer, int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var taken = new List<ConsumeResult<byte[]?, byte[]?>>(count);
        while (taken.Count < count)
        {
            taken.Add(consumer.Consume(patience.Token));
        }

        return taken;
    }

    /// <summary>A message with everything that must come back as it was: null and empty keys and bodies, repeated headers and null values.</summary>
    public static Message<byte[]?, byte[]?> Message(int i, long timestamp) => new()
    {
        Key = i % 5 == 0 ? null : i % 7 == 0 ? [] : Encoding.UTF8.GetBytes($"key {i}"),
        Value = i % 11 == 0 ? null : i % 13 == 0 ? [] : Encoding.UTF8.GetBytes($"body {i} {new string((char)('a' + (i % 26)), i % 200)}"),
        Timestamp = new Timestamp(timestamp + i, TimestampType.CreateTime),
        Headers = Headers(i),
    };

    /// <summary>All that a message says, in one line.</summary>
    public static string Describe(Message<byte[]?, byte[]?> message) =>
        $"{Text(message.Key)}|{Text(message.Value)}|{message.Timestamp.UnixTimestampMs}|{string.Join(';', (message.Headers ?? []).Select(h => $"{h.Key}={Text(h.GetValueBytes())}"))}";

    private static Headers Headers(int i)
    {
        var headers = new Headers();
        for (int n = 0; n < i % 4; n++)
        {
            headers.Add("trace", Encoding.UTF8.GetBytes($"{i}/{n}"));
            headers.Add("nothing", null);
            headers.Add("empty", []);
        }

        return headers;
    }

    private static string Text(byte[]? bytes) => bytes is null ? "null" : Convert.ToHexString(bytes);
}
