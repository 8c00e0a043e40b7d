using TattleTail.Events.RecordBatches;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Bench.Load;

/// <summary>What the benchmarks ask of a broker, over raw connections.</summary>
internal static class RawRequests
{
    /// <summary>Creates a channel and waits until all of it takes events.</summary>
    public static async Task CreateAsync(string bootstrap, string channel, int partitions)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        var request = new CreateTopicsRequest
        {
            Topics = [new CreatableTopic { Name = channel, NumPartitions = partitions, ReplicationFactor = 1, Assignments = [], Configs = [] }],
            TimeoutMs = 120_000,
        };
        CreateTopicsResponse answer = await connection.ExchangeAsync<CreateTopicsRequest, CreateTopicsResponse>(RawApi.CreateTopics, request);
        Require(answer.Topics[0].ErrorCode, $"creating {channel}");
        for (int partition = 0; partition < partitions; partition++)
        {
            while (await OffsetAsync(connection, channel, partition) is null)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Deletes a channel.</summary>
    public static async Task DeleteAsync(string bootstrap, string channel)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        DeleteTopicsResponse answer = await connection.ExchangeAsync<DeleteTopicsRequest, DeleteTopicsResponse>(RawApi.DeleteTopics, new DeleteTopicsRequest { TopicNames = [channel], TimeoutMs = 120_000 });
        Require(answer.Responses[0].ErrorCode, $"deleting {channel}");
    }

    /// <summary>A request to append one batch.</summary>
    public static byte[] Produce(string channel, int partition, byte[] batch) => RawApi.Produce.Frame(new ProduceRequest
    {
        Acks = -1,
        TimeoutMs = 30_000,
        TopicData = [new ProduceTopic { Name = channel, PartitionData = [new ProducePartition { Index = partition, Records = batch }] }],
    });

    /// <summary>The offset that the batch of the next answer got.</summary>
    public static async Task<long> ProducedAsync(RawConnection connection)
    {
        ProduceResponse answer = await connection.ReceiveAsync<ProduceResponse>(RawApi.Produce);
        Require(answer.Responses[0].PartitionResponses[0].ErrorCode, "appending a batch");
        return answer.Responses[0].PartitionResponses[0].BaseOffset;
    }

    /// <summary>Fetches some partitions of a channel from the offsets where they stand, and moves those on; gives the bytes.</summary>
    public static async Task<long> FetchAsync(RawConnection connection, string channel, int[] partitions, Dictionary<int, long> next, int maxBytes, int maxWaitMs)
    {
        FetchResponse answer = await connection.ExchangeAsync<FetchRequest, FetchResponse>(RawApi.Fetch, Fetch(channel, partitions, next, maxBytes, maxWaitMs));
        long bytes = 0;
        foreach (FetchPartitionResponse partition in answer.Responses.SelectMany(topic => topic.Partitions))
        {
            Require(partition.ErrorCode, $"fetching {channel}/{partition.PartitionIndex}");
            ReadOnlyMemory<byte> records = partition.Records.Count == 0 ? default : partition.Records.Batches[0].Batch;
            while (RecordBatchHeader.TryRead(records.Span, out RecordBatchHeader header) && header.TotalSize <= records.Length)
            {
                next[partition.PartitionIndex] = header.LastOffset + 1;
                bytes += header.TotalSize;
                records = records[header.TotalSize..];
            }
        }

        return bytes;
    }

    private static FetchRequest Fetch(string channel, int[] partitions, Dictionary<int, long> next, int maxBytes, int maxWaitMs) => new()
    {
        ReplicaId = -1,
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = maxBytes,
        SessionEpoch = -1,
        RackId = "",
        ForgottenTopicsData = [],
        Topics =
        [
            new FetchTopic
            {
                Topic = channel,
                Partitions = [.. partitions.Select(p => new FetchPartition { Partition = p, CurrentLeaderEpoch = -1, FetchOffset = next.GetValueOrDefault(p), PartitionMaxBytes = 1024 * 1024 })],
            },
        ],
    };

    private static async Task<long?> OffsetAsync(RawConnection connection, string channel, int partition)
    {
        FetchResponse answer = await connection.ExchangeAsync<FetchRequest, FetchResponse>(RawApi.Fetch, Fetch(channel, [partition], [], maxBytes: 1, maxWaitMs: 0));
        return answer.Responses is [{ Partitions: [{ ErrorCode: 0 } there] }] ? there.HighWatermark : null;
    }

    private static void Require(short error, string what)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"The broker refused {what}: {(ErrorCode)error}.");
        }
    }
}
