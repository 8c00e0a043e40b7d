using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Describes the one-node cluster and its channels, and creates channels that a client is about to use.</summary>
internal static class MetadataHandler
{
    // Bit n is operation n of Kafka's AclOperation.
    // Topic: READ 3, WRITE 4, CREATE 5, DELETE 6, ALTER 7, DESCRIBE 8, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11.
    private const int ReadOperations = 0b0101_0000_1000;
    private const int WriteOperations = 0b1101_1111_0000;

    // Cluster: CREATE 5, ALTER 7, DESCRIBE 8, CLUSTER_ACTION 9, DESCRIBE_CONFIGS 10, ALTER_CONFIGS 11, IDEMPOTENT_WRITE 12.
    public const int ClusterOperations = 0b1_1111_1010_0000;

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        MetadataRequest request = exchange.Read<MetadataRequest>();
        SpewNode node = exchange.Node;
        bool all = request.Topics is null || (exchange.Version == 0 && request.Topics.Length == 0);
        MetadataRequestTopic[] asked = all ? [] : [.. request.Topics!.DistinctBy(topic => (topic.Name, topic.TopicId))];
        MetadataResponseTopic[] topics = all ? All(exchange, request) : new MetadataResponseTopic[asked.Length];
        for (int i = 0; i < asked.Length; i++)
        {
            topics[i] = await DescribeAsync(exchange, request, asked[i]);
        }

        exchange.Write(new MetadataResponse
        {
            Brokers = [new MetadataResponseBroker { NodeId = node.Options.NodeId, Host = exchange.Client.Endpoint.Host, Port = exchange.Client.Endpoint.Port }],
            ClusterId = KafkaUuid.Format(node.Log.ClusterId),
            ControllerId = node.Options.NodeId,
            Topics = topics,
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? ClusterOperations : MetadataResponse.OperationsOmitted,
        });
    }

    private static MetadataResponseTopic[] All(Exchange exchange, MetadataRequest request) =>
    [
        .. exchange.Node.Log.Channels
            .Where(channel => exchange.Node.Log.Find(channel.Name) == channel && exchange.Visit.Principal.MaySee(channel.Name))
            .OrderBy(channel => channel.Name, StringComparer.Ordinal)
            .Select(channel => Describe(exchange, request, channel)),
    ];

    private static async ValueTask<MetadataResponseTopic> DescribeAsync(Exchange exchange, MetadataRequest request, MetadataRequestTopic asked)
    {
        if (asked.Name is not { } name)
        {
            return exchange.Node.Log.Find(asked.TopicId) is { IsClosed: false } byId && exchange.Visit.Principal.MaySee(byId.Name)
                ? Describe(exchange, request, byId)
                : Unknown(exchange, exchange.Version >= 12 ? null : "", asked.TopicId, ErrorCode.UnknownTopicId);
        }

        (Channel? channel, ErrorCode error) = await ChannelLookup.FindOrCreateAsync(exchange, name, request.AllowAutoTopicCreation);
        return channel is null ? Unknown(exchange, name, default, error) : Describe(exchange, request, channel);
    }

    private static MetadataResponseTopic Unknown(Exchange exchange, string? name, Guid topicId, ErrorCode error) => new()
    {
        ErrorCode = exchange.Code(error),
        Name = name,
        TopicId = topicId,
        Partitions = [],
        TopicAuthorizedOperations = MetadataResponse.OperationsOmitted,
    };

    private static int Operations(Exchange exchange, string channel) =>
        (exchange.Visit.Principal.MayRead(channel) ? ReadOperations : 0) | (exchange.Visit.Principal.MayWrite(channel) ? WriteOperations : 0);

    private static MetadataResponseTopic Describe(Exchange exchange, MetadataRequest request, Channel channel)
    {
        int nodeId = exchange.Node.Options.NodeId;
        int[] nodes = [nodeId];
        return new MetadataResponseTopic
        {
            Name = channel.Name,
            TopicId = channel.TopicId,
            IsInternal = ChannelLookup.IsReserved(channel.Name),
            Partitions =
            [
                .. channel.Partitions.Select(partition => new MetadataResponsePartition
                {
                    PartitionIndex = partition.Index,
                    LeaderId = nodeId,
                    LeaderEpoch = partition.LeaderEpoch,
                    ReplicaNodes = nodes,
                    IsrNodes = nodes,
                    OfflineReplicas = [],
                }),
            ],
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? Operations(exchange, channel.Name) : MetadataResponse.OperationsOmitted,
        };
    }
}
