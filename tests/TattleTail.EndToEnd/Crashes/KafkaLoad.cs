using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;

namespace TattleTail.EndToEnd.Crashes;

/// <summary>An idempotent producer under load that outlives the node's crashes, and what was acknowledged to it.</summary>
internal sealed class KafkaLoad : IDisposable
{
    public const string Topic = "crashes";

    private readonly IProducer<Null, string> _producer;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _work;
    private readonly int _port;
    private readonly string _topic;
    private readonly int _burst;

    /// <param name="port">The node's.</param>
    /// <param name="topic">Where it produces to.</param>
    /// <param name="burst">Events between two moments of rest.</param>
    public KafkaLoad(int port, string topic = Topic, int burst = 20)
    {
        _port = port;
        _topic = topic;
        _burst = burst;
        _producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = $"127.0.0.1:{port}",
            EnableIdempotence = true,
            LingerMs = 2,
            MessageTimeoutMs = 300_000,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 200,
            RetryBackoffMs = 20,
        }).SetLogHandler((_, _) => { }).Build();
        _work = Task.Run(ProduceAsync);
    }

    /// <summary>Offsets by value, as acknowledged.</summary>
    public ConcurrentDictionary<string, long> Acknowledged { get; } = new(StringComparer.Ordinal);

    /// <summary>Stops producing and waits until all that was sent is acknowledged.</summary>
    public async Task FinishAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _producer.Flush(TimeSpan.FromSeconds(60));
    }

    /// <summary>Reads the topic from its start to its end.</summary>
    public List<ConsumeResult<Ignore, string>> ReadBack()
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(new ConsumerConfig { BootstrapServers = $"127.0.0.1:{_port}", GroupId = "check", EnableAutoCommit = false })
            .SetLogHandler((_, _) => { }).Build();
        var partition = new TopicPartition(_topic, 0);
        var end = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(30)).High;
        consumer.Assign(new TopicPartitionOffset(partition, 0));
        var read = new List<ConsumeResult<Ignore, string>>();
        while (read.Count == 0 || read[^1].Offset < end - 1)
        {
            read.Add(consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"nothing after offset {read.LastOrDefault()?.Offset} of {end}"));
        }

        return read;
    }

    public void Dispose()
    {
        _stop.Cancel();
        _producer.Dispose();
        _stop.Dispose();
    }

    private async Task ProduceAsync()
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            try
            {
                _producer.Produce(_topic, new Message<Null, string> { Value = string.Create(CultureInfo.InvariantCulture, $"event {number}") }, report =>
                {
                    if (report.Error.Code == ErrorCode.NoError)
                    {
                        Acknowledged[report.Value] = report.Offset.Value;
                    }
                });
            }
            catch (ProduceException<Null, string> error) when (error.Error.Code == ErrorCode.Local_QueueFull)
            {
                await Task.Delay(20);
            }

            if (number % _burst == 0)
            {
                await Task.Delay(1);
            }
        }
    }
}
