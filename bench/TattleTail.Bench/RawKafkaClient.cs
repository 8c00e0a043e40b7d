using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using TattleTail.Events.RecordBatches;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Bench;

/// <summary>A client that costs next to nothing: it sends requests that were encoded once and looks at no event.</summary>
internal static class RawKafkaClient
{
    private const short ProduceVersion = 9;
    private const short FetchVersion = 11;

    /// <summary>Sends batches over several connections, each with a partition of its own and two requests on the way; gives events a second.</summary>
    public static async Task<double> ProduceAsync(int port, string channel, int connections, int batches)
    {
        byte[] batch = BenchmarkEvents.Batch();
        await CreateAsync(port, channel, connections);
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(p => Task.Run(() => SendAsync(port, Frame(0, ProduceVersion, flexible: true, Produce(channel, p, batch)), batches))));
        return (double)connections * batches * BenchmarkEvents.BatchEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Fetches all that the partitions have, one connection each; gives events a second.</summary>
    public static async Task<double> FetchAsync(int port, string channel, int connections)
    {
        long started = Stopwatch.GetTimestamp();
        long[] events = await Task.WhenAll(Enumerable.Range(0, connections).Select(p => Task.Run(() => DrainAsync(port, channel, p))));
        return events.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task SendAsync(int port, byte[] frame, int batches)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        NetworkStream stream = client.GetStream();
        byte[] response = new byte[4096];
        Task sending = stream.WriteAsync(frame).AsTask();
        for (int i = 1; i <= batches; i++)
        {
            await sending;
            sending = i < batches ? stream.WriteAsync(frame).AsTask() : Task.CompletedTask;
            await stream.ReadExactlyAsync(response.AsMemory(0, 4));
            int length = BinaryPrimitives.ReadInt32BigEndian(response);
            await stream.ReadExactlyAsync(response.AsMemory(0, length));
            ProduceResponse answer = Read<ProduceResponse>(response.AsMemory(5, length - 5), ProduceVersion, flexible: true);
            if (answer.Responses[0].PartitionResponses[0].ErrorCode is not 0 and short error)
            {
                throw new InvalidOperationException($"The node refused a batch of the benchmark: {(ErrorCode)error}.");
            }
        }
    }

    private static async Task<long> DrainAsync(int port, string channel, int partition)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync("127.0.0.1", port);
        NetworkStream stream = client.GetStream();
        byte[] response = new byte[20 * 1024 * 1024];
        long offset = 0;
        while (true)
        {
            await stream.WriteAsync(Frame(1, FetchVersion, flexible: false, Fetch(channel, partition, offset)));
            await stream.ReadExactlyAsync(response.AsMemory(0, 4));
            int length = BinaryPrimitives.ReadInt32BigEndian(response);
            await stream.ReadExactlyAsync(response.AsMemory(0, length));
            FetchPartitionResponse answer = Read<FetchResponse>(response.AsMemory(4, length - 4), FetchVersion, flexible: false).Responses[0].Partitions[0];
            if (answer.Records.Count == 0)
            {
                return offset;
            }

            ReadOnlyMemory<byte> records = answer.Records.Batches[0].Batch;
            while (RecordBatchHeader.TryRead(records.Span, out RecordBatchHeader header))
            {
                offset = header.LastOffset + 1;
                records = records[header.TotalSize..];
            }
        }
    }

    private static async Task CreateAsync(int port, string channel, int partitions)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var request = new CreateTopicsRequest
        {
            Topics = [new CreatableTopic { Name = channel, NumPartitions = partitions, ReplicationFactor = 1, Assignments = [], Configs = [] }],
            TimeoutMs = 10_000,
        };
        await client.GetStream().WriteAsync(Frame(19, 4, flexible: false, request));
        await client.GetStream().ReadExactlyAsync(new byte[8]);
    }

    private static ProduceRequest Produce(string channel, int partition, byte[] batch) => new()
    {
        Acks = -1,
        TimeoutMs = 30_000,
        TopicData = [new ProduceTopic { Name = channel, PartitionData = [new ProducePartition { Index = partition, Records = batch }] }],
    };

    private static FetchRequest Fetch(string channel, int partition, long offset) => new()
    {
        ReplicaId = -1,
        MinBytes = 1,
        MaxBytes = 8 * 1024 * 1024,
        SessionEpoch = -1,
        RackId = "",
        ForgottenTopicsData = [],
        Topics = [new FetchTopic { Topic = channel, Partitions = [new FetchPartition { Partition = partition, CurrentLeaderEpoch = -1, FetchOffset = offset, PartitionMaxBytes = 8 * 1024 * 1024 }] }],
    };

    private static TMessage Read<TMessage>(Memory<byte> bytes, short version, bool flexible)
        where TMessage : struct, IWire
    {
        var reader = new WireReader(bytes, version, flexible);
        TMessage message = default;
        message.Transfer(ref reader);
        return message;
    }

    private static byte[] Frame<TRequest>(short key, short version, bool flexible, TRequest request)
        where TRequest : struct, IWire
    {
        using var body = new ResponseFrame();
        body.Start(0, tags: false);
        var writer = new WireWriter(body, version, flexible);
        request.Transfer(ref writer);
        byte[] frame = [0, 0, 0, 0, 0, (byte)key, 0, (byte)version, 0, 0, 0, 0, 0xFF, 0xFF, .. flexible ? new byte[1] : [], .. body.ToArray()[8..]];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }
}
