namespace TattleTail.Spew.Handlers;

/// <summary>What Spew speaks. A row here is served and advertised.</summary>
internal static class ApiTable
{
    /// <summary>Key of ApiVersions, the one request that is answered in any version.</summary>
    public const short ApiVersionsKey = 18;

    /// <summary>Key of SaslHandshake.</summary>
    public const short SaslHandshakeKey = 17;

    /// <summary>Key of SaslAuthenticate.</summary>
    public const short SaslAuthenticateKey = 36;

    /// <summary>All apis, by key.</summary>
    public static readonly IReadOnlyList<Api> Apis =
    [
        // Clients of librdkafka before 2.1 look for Produce 3 exactly and send uncompressed, or nothing, when version 0 is not offered (KAFKA-18659).
        new(0, "Produce", 0, 11, 9, ProduceHandler.HandleAsync) { ServedFrom = 3, IsPipelined = true },
        new(1, "Fetch", 4, 12, 12, FetchHandler.HandleAsync),
        new(2, "ListOffsets", 1, 9, 6, ListOffsetsHandler.HandleAsync),
        new(3, "Metadata", 0, 12, 9, MetadataHandler.HandleAsync),
        new(8, "OffsetCommit", 2, 9, 8, OffsetCommitHandler.HandleAsync),
        new(9, "OffsetFetch", 1, 9, 6, OffsetFetchHandler.HandleAsync),
        new(10, "FindCoordinator", 0, 5, 3, FindCoordinatorHandler.HandleAsync),
        new(11, "JoinGroup", 0, 9, 6, JoinGroupHandler.HandleAsync),
        new(12, "Heartbeat", 0, 4, 4, HeartbeatHandler.HandleAsync),
        new(13, "LeaveGroup", 0, 5, 4, LeaveGroupHandler.HandleAsync),
        new(14, "SyncGroup", 0, 5, 4, SyncGroupHandler.HandleAsync),
        new(15, "DescribeGroups", 0, 5, 5, DescribeGroupsHandler.HandleAsync),
        new(16, "ListGroups", 0, 5, 3, ListGroupsHandler.HandleAsync),
        new(SaslHandshakeKey, "SaslHandshake", 0, 1, short.MaxValue, SaslHandshakeHandler.HandleAsync),
        new(ApiVersionsKey, "ApiVersions", 0, 4, 3, ApiVersionsHandler.HandleAsync),
        new(19, "CreateTopics", 2, 7, 5, CreateTopicsHandler.HandleAsync),
        new(20, "DeleteTopics", 1, 6, 4, DeleteTopicsHandler.HandleAsync),
        new(21, "DeleteRecords", 0, 2, 2, DeleteRecordsHandler.HandleAsync),
        new(22, "InitProducerId", 0, 5, 2, InitProducerIdHandler.HandleAsync),
        new(23, "OffsetForLeaderEpoch", 2, 4, 4, OffsetForLeaderEpochHandler.HandleAsync),
        new(32, "DescribeConfigs", 1, 4, 4, DescribeConfigsHandler.HandleAsync),
        new(33, "AlterConfigs", 0, 2, 2, AlterConfigsHandler.HandleAsync),
        new(SaslAuthenticateKey, "SaslAuthenticate", 0, 2, 2, SaslAuthenticateHandler.HandleAsync),
        new(37, "CreatePartitions", 0, 3, 2, CreatePartitionsHandler.HandleAsync),
        new(42, "DeleteGroups", 0, 2, 2, DeleteGroupsHandler.HandleAsync),
        new(44, "IncrementalAlterConfigs", 0, 1, 1, AlterConfigsHandler.HandleIncrementalAsync),
        new(47, "OffsetDelete", 0, 0, short.MaxValue, OffsetDeleteHandler.HandleAsync),
        new(60, "DescribeCluster", 0, 1, 0, DescribeClusterHandler.HandleAsync),
    ];

    private static readonly Dictionary<short, Api> ByKey = Apis.ToDictionary(api => api.Key);

    /// <summary>The api of a key; null when it is not served.</summary>
    public static Api? Find(short key) => ByKey.GetValueOrDefault(key);
}
