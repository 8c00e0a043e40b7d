using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests;

/// <summary>The calls that tests of the handlers make, in versions that show most.</summary>
internal static class KafkaSocketCalls
{
    public static async Task<ProducePartitionResponse> ProduceAsync(
        this KafkaSocket socket, string channel, int partition, byte[]? batch, short acks = -1, short version = 11, string? transactionalId = null)
    {
        ProduceResponse response = await socket.AskAsync<ProduceRequest, ProduceResponse>(
            0, version, ProduceRequest(channel, partition, batch, acks, transactionalId), flexible: version >= 9, taggedHeader: version >= 9);
        return response.Responses.Single().PartitionResponses.Single();
    }

    public static ProduceRequest ProduceRequest(string channel, int partition, byte[]? batch, short acks, string? transactionalId = null) => new()
    {
        TransactionalId = transactionalId,
        Acks = acks,
        TimeoutMs = 10_000,
        TopicData = [new ProduceTopic { Name = channel, PartitionData = [new ProducePartition { Index = partition, Records = batch is null ? null : batch.AsMemory() }] }],
    };

    public static async Task<FetchPartitionResponse> FetchAsync(
        this KafkaSocket socket, string channel, int partition, long offset, int maxWaitMs = 0, short version = 12, int maxBytes = 1_000_000, int epoch = -1, sbyte isolation = 0)
    {
        FetchResponse response = await socket.FetchAsync(FetchRequest(maxWaitMs, maxBytes, isolation, (channel, partition, offset, epoch)), version);
        return response.Responses.Single().Partitions.Single();
    }

    public static Task<FetchResponse> FetchAsync(this KafkaSocket socket, FetchRequest request, short version = 12) =>
        socket.AskAsync<FetchRequest, FetchResponse>(1, version, request, flexible: version >= 12, taggedHeader: version >= 12);

    public static FetchRequest FetchRequest(int maxWaitMs, int maxBytes, sbyte isolation, params (string Channel, int Partition, long Offset, int Epoch)[] partitions) => new()
    {
        ReplicaId = -1,
        MaxWaitMs = maxWaitMs,
        MinBytes = 1,
        MaxBytes = maxBytes,
        IsolationLevel = isolation,
        SessionEpoch = -1,
        ForgottenTopicsData = [],
        RackId = "",
        Topics =
        [
            .. partitions.Select(p => new FetchTopic
            {
                Topic = p.Channel,
                Partitions = [new FetchPartition { Partition = p.Partition, FetchOffset = p.Offset, CurrentLeaderEpoch = p.Epoch, PartitionMaxBytes = maxBytes, LastFetchedEpoch = -1, LogStartOffset = -1 }],
            }),
        ],
    };

    public static Task<MetadataResponse> MetadataAsync(this KafkaSocket socket, short version, bool allowCreation, params string[]? channels) => socket.AskAsync<MetadataRequest, MetadataResponse>(
        3,
        version,
        new MetadataRequest { Topics = channels?.Select(name => new MetadataRequestTopic { Name = name }).ToArray(), AllowAutoTopicCreation = allowCreation },
        flexible: version >= 9,
        taggedHeader: version >= 9);

    public static async Task<ListOffsetsPartitionResponse> ListOffsetAsync(this KafkaSocket socket, string channel, int partition, long timestamp, short version = 9)
    {
        ListOffsetsResponse response = await socket.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(
            2,
            version,
            new ListOffsetsRequest
            {
                ReplicaId = -1,
                Topics = [new ListOffsetsTopic { Name = channel, Partitions = [new ListOffsetsPartition { PartitionIndex = partition, CurrentLeaderEpoch = -1, Timestamp = timestamp }] }],
            },
            flexible: version >= 6,
            taggedHeader: version >= 6);
        return response.Topics.Single().Partitions.Single();
    }

    public static async Task<CreatableTopicResult[]> CreateAsync(this KafkaSocket socket, bool validateOnly, params CreatableTopic[] topics)
    {
        CreateTopicsResponse response = await socket.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(
            19, 7, new CreateTopicsRequest { Topics = topics, ValidateOnly = validateOnly, TimeoutMs = 10_000 }, flexible: true, taggedHeader: true);
        return response.Topics;
    }

    public static CreatableTopic Topic(string name, int partitions = 1, short replication = 1, params (string Name, string? Value)[] configs) => new()
    {
        Name = name,
        NumPartitions = partitions,
        ReplicationFactor = replication,
        Assignments = [],
        Configs = [.. configs.Select(c => new ConfigSetting { Name = c.Name, Value = c.Value })],
    };

    public static async Task<DeletableTopicResult[]> DeleteAsync(this KafkaSocket socket, params DeleteTopicState[] topics)
    {
        DeleteTopicsResponse response = await socket.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(
            20, 6, new DeleteTopicsRequest { Topics = topics, TimeoutMs = 10_000 }, flexible: true, taggedHeader: true);
        return response.Responses;
    }

    public static List<(long Offset, string Body)> Events(this FetchPartitionResponse response) =>
        response.Records.Count == 0 ? [] : Batches.Read(response.Records.Batches[0].Batch.Span);

    public static ErrorCode Error(this FetchPartitionResponse response) => (ErrorCode)response.ErrorCode;

    public static ErrorCode Error(this ProducePartitionResponse response) => (ErrorCode)response.ErrorCode;
}
