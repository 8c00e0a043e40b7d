using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using static TattleTail.Spew.Tests.KafkaSocketCalls;

namespace TattleTail.Spew.Tests.Handlers;

public sealed class TopicHandlerTests : IAsyncLifetime
{
    private SpewTestNode _node = null!;
    private KafkaSocket _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await SpewTestNode.StartAsync(new SpewOptions { DefaultPartitions = 3, NodeId = 7 }, log => log with { MaxChannels = 12 });
        _client = await KafkaSocket.ConnectAsync(_node.Port);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Create_WithHonouredConfigs_MakesTheChannel()
    {
        CreatableTopicResult[] results = await _client.CreateAsync(
            false,
            Topic("a", 5, 1, ("retention.ms", "86400000"), ("cleanup.policy", "compact"), ("message.timestamp.type", "LogAppendTime"), ("max.message.bytes", "2000"), ("min.insync.replicas", "1")),
            Topic("b", -1, -1));

        Assert.All(results, result => Assert.Equal(0, result.ErrorCode));
        Assert.Equal([5, 3], results.Select(r => r.NumPartitions));
        Channel created = _node.Log.Find("a")!;
        Assert.Equal(created.TopicId, results[0].TopicId);
        Assert.Equal(
            new ChannelConfig { RetentionMs = 86_400_000, CleanupPolicy = "compact", TimestampType = TimestampType.LogAppendTime, MaxMessageBytes = 2000 },
            created.Config);
        Assert.Contains(results[0].Configs!, c => c is { Name: "retention.ms", Value: "86400000", ConfigSource: 1 });
        Assert.Contains(results[1].Configs!, c => c is { Name: "retention.ms", Value: "-1", ConfigSource: 5 });
    }

    [Fact]
    public async Task Create_AgainstTheRules_IsRefusedWithKafkasCode()
    {
        await _client.CreateAsync(false, Topic("there"));
        CreatableTopic assigned = Topic("assigned", -1, -1);
        assigned.Assignments = [new CreatableReplicaAssignment { PartitionIndex = 0, BrokerIds = [8] }];
        CreatableTopic both = Topic("both", 1, -1);
        both.Assignments = [new CreatableReplicaAssignment { PartitionIndex = 0, BrokerIds = [7] }];

        await AssertAsync(ErrorCode.TopicAlreadyExists, Topic("there"));
        await AssertAsync(ErrorCode.InvalidTopic, Topic("a/b"));
        await AssertAsync(ErrorCode.InvalidTopic, Topic(".."));
        await AssertAsync(ErrorCode.InvalidTopic, Topic(new string('x', 250)));
        await AssertAsync(ErrorCode.InvalidTopic, Topic("_tattletail.mine"));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("cleanup.policy", "compact,compact,delete")));
        await AssertAsync(ErrorCode.InvalidPartitions, Topic("x", 0));
        await AssertAsync(ErrorCode.InvalidPartitions, Topic("x", -2));
        await AssertAsync(ErrorCode.InvalidPartitions, Topic("x", 10_001));
        Assert.Equal(0, Assert.Single(await _client.CreateAsync(false, Topic("most", 10_000))).ErrorCode);
        await AssertAsync(ErrorCode.InvalidReplicationFactor, Topic("x", 1, 3));
        await AssertAsync(ErrorCode.InvalidReplicationFactor, Topic("x", 1, 0));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("retention.bytes", "1000")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("segment.bytes", "many")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("segment.bytes", "-1")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("min.cleanable.dirty.ratio", "1.1")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("no.such.config", "1")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("retention.ms", "soon")));
        await AssertAsync(ErrorCode.InvalidConfig, Topic("x", 1, 1, ("retention.ms", null)));
        await AssertAsync(ErrorCode.InvalidReplicaAssignment, assigned);
        await AssertAsync(ErrorCode.InvalidRequest, both);
        Assert.Equal((short)ErrorCode.InvalidRequest, Assert.Single(await _client.CreateAsync(false, Topic("twice"), Topic("twice"))).ErrorCode);
        Assert.Null(_node.Log.Find("twice"));
        Assert.Null(_node.Log.Find("x"));

        async Task AssertAsync(ErrorCode error, CreatableTopic topic)
        {
            CreatableTopicResult result = Assert.Single(await _client.CreateAsync(false, topic));
            Assert.Equal(error, (ErrorCode)result.ErrorCode);
            Assert.NotNull(result.ErrorMessage);
        }
    }

    /// <summary>Kafka Streams sets some of them for its repartition topics.</summary>
    [Fact]
    public async Task Create_WithConfigsOfKafkasFiles_TakesAnyValueAndKeepsNone()
    {
        CreatableTopicResult result = Assert.Single(await _client.CreateAsync(
            false, Topic("internal", 1, 1, ("segment.bytes", "52428800"), ("segment.ms", "600000"), ("min.cleanable.dirty.ratio", "0.01"), ("preallocate", "true"), ("retention.ms", "-1"))));

        Assert.Equal(0, result.ErrorCode);
        Assert.Equal(_node.Log.DefaultConfig, _node.Log.Find("internal")!.Config);
    }

    [Fact]
    public async Task Create_ManualAssignmentsOfThisNode_GiveThePartitions()
    {
        CreatableTopic topic = Topic("assigned", -1, -1);
        topic.Assignments = [.. new[] { 1, 0, 2, 3 }.Select(i => new CreatableReplicaAssignment { PartitionIndex = i, BrokerIds = [7] })];

        Assert.Equal(4, Assert.Single(await _client.CreateAsync(false, topic)).NumPartitions);
    }

    [Fact]
    public async Task Create_ValidateOnly_CreatesNothing()
    {
        Assert.Equal(0, Assert.Single(await _client.CreateAsync(true, Topic("dry", 2))).ErrorCode);
        Assert.Null(_node.Log.Find("dry"));
    }

    [Fact]
    public async Task Create_MoreThanTheNodeMay_IsRefused()
    {
        for (int i = 0; i < 12 && _node.Log.Channels.Count < 12; i++)
        {
            Assert.Equal(0, Assert.Single(await _client.CreateAsync(false, Topic($"c{i}"))).ErrorCode);
        }

        Assert.Equal((short)ErrorCode.PolicyViolation, Assert.Single(await _client.CreateAsync(false, Topic("more"))).ErrorCode);
        Assert.Equal((short)ErrorCode.TopicAuthorizationFailed, Assert.Single((await _client.MetadataAsync(12, true, "more")).Topics).ErrorCode);
    }

    [Fact]
    public async Task Delete_ByNameAndById_EndsTheChannelAndTheNextStartsAnew()
    {
        await _client.CreateAsync(false, Topic("a"), Topic("b"));
        await _client.ProduceAsync("a", 0, Batches.Of("old"));
        Guid b = _node.Log.Find("b")!.TopicId;

        DeletableTopicResult[] results = await _client.DeleteAsync(
            new DeleteTopicState { Name = "a" },
            new DeleteTopicState { TopicId = b },
            new DeleteTopicState { Name = "nothing" },
            new DeleteTopicState { TopicId = Guid.NewGuid() },
            new DeleteTopicState { Name = "a", TopicId = b });

        Assert.Equal(
            [ErrorCode.None, ErrorCode.None, ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId, ErrorCode.InvalidRequest],
            results.Select(r => (ErrorCode)r.ErrorCode));
        Assert.Equal("b", results[1].Name);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await _client.FetchAsync("a", 0, 0)).Error());
        await _client.CreateAsync(false, Topic("a"));
        Assert.Equal(0, (await _client.ProduceAsync("a", 0, Batches.Of("new"))).BaseOffset);
        Assert.Equal([(0, "new")], (await _client.FetchAsync("a", 0, 0)).Events());
    }

    [Fact]
    public async Task Delete_OfATopicNamedTwice_IsRefusedAndDeletesNothing()
    {
        await _client.CreateAsync(false, Topic("a"), Topic("b"));
        Guid b = _node.Log.Find("b")!.TopicId;

        DeletableTopicResult[] results = await _client.DeleteAsync(
            new DeleteTopicState { Name = "a" }, new DeleteTopicState { Name = "a" }, new DeleteTopicState { Name = "b" }, new DeleteTopicState { TopicId = b });

        Assert.Equal([("a", default, ErrorCode.InvalidRequest), ("b", b, ErrorCode.InvalidRequest)], results.Select(r => (r.Name!, r.TopicId, (ErrorCode)r.ErrorCode)));
        Assert.NotNull(_node.Log.Find("a"));
        Assert.NotNull(_node.Log.Find("b"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(12)]
    public async Task Metadata_OfEveryVersion_NamesTheNodeAndItsChannels(short version)
    {
        await _client.CreateAsync(false, Topic("a", 2));

        MetadataResponse all = await _client.MetadataAsync(version, false, version == 0 ? [] : null);
        MetadataResponse one = await _client.MetadataAsync(version, version < 4, "a");

        MetadataResponseBroker broker = Assert.Single(all.Brokers);
        Assert.Equal((7, "127.0.0.1", _node.Port), (broker.NodeId, broker.Host, broker.Port));
        Assert.Equal(version >= 1 ? 7 : 0, all.ControllerId);
        MetadataResponseTopic topic = Assert.Single(one.Topics);
        Assert.Equal(("a", 2), (topic.Name, topic.Partitions.Length));
        Assert.Contains(all.Topics, t => t.Name == "a");
        Assert.All(topic.Partitions, p => Assert.Equal((7, 0), (p.LeaderId, p.ErrorCode)));
        Assert.Equal(version >= 10 ? _node.Log.Find("a")!.TopicId : Guid.Empty, topic.TopicId);
        Assert.Equal(version >= 8 ? int.MinValue : 0, topic.TopicAuthorizedOperations);
        Assert.Empty(version == 0 ? [] : (await _client.MetadataAsync(version, false)).Topics);
    }

    [Fact]
    public async Task Metadata_OfAnUnknownChannel_CreatesItOnlyWhenAllowed()
    {
        MetadataResponse refused = await _client.MetadataAsync(12, false, "new", "in/valid");
        MetadataResponse created = await _client.MetadataAsync(12, true, "new", "in/valid");

        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.InvalidTopic], refused.Topics.Select(t => (ErrorCode)t.ErrorCode));
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidTopic], created.Topics.Select(t => (ErrorCode)t.ErrorCode));
        Assert.Equal(3, created.Topics[0].Partitions.Length);
    }

    [Fact]
    public async Task ReservedName_IsNeitherMadeNorWrittenByClients()
    {
        Assert.Equal((short)ErrorCode.TopicAuthorizationFailed, Assert.Single((await _client.MetadataAsync(12, true, "_tattletail.mine")).Topics).ErrorCode);
        Assert.Equal(ErrorCode.TopicAuthorizationFailed, (await _client.ProduceAsync("_tattletail.mine", 0, Batches.Of("a"))).Error());
    }

    [Fact]
    public async Task LogUnavailable_IsToldInCodesThatClientsTryAgainAfter()
    {
        await _client.CreateAsync(false, Topic("a"));
        await _node.Log.DisposeAsync();

        Assert.Equal(ErrorCode.RequestTimedOut, (await _client.ProduceAsync("a", 0, Batches.Of("x"))).Error());
        Assert.Equal((short)ErrorCode.RequestTimedOut, Assert.Single(await _client.CreateAsync(false, Topic("b"))).ErrorCode);
        Assert.Equal((short)ErrorCode.RequestTimedOut, Assert.Single(await _client.DeleteAsync(new DeleteTopicState { Name = "a" })).ErrorCode);
        Assert.Equal((short)ErrorCode.LeaderNotAvailable, Assert.Single((await _client.MetadataAsync(12, true, "c")).Topics).ErrorCode);
        InitProducerIdResponse producer = await _client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(22, 5, default, flexible: true, taggedHeader: true);
        Assert.Equal((short)ErrorCode.CoordinatorLoadInProgress, producer.ErrorCode);
    }

    [Fact]
    public async Task InitProducerId_GivesEachItsOwnAndRefusesTransactions()
    {
        InitProducerIdResponse first = await AskAsync(new InitProducerIdRequest { ProducerId = -1, ProducerEpoch = -1 });
        InitProducerIdResponse second = await AskAsync(new InitProducerIdRequest { ProducerId = first.ProducerId, ProducerEpoch = first.ProducerEpoch });
        InitProducerIdResponse transactional = await AskAsync(new InitProducerIdRequest { TransactionalId = "t", ProducerId = -1, ProducerEpoch = -1 });

        Assert.True(first is { ErrorCode: 0, ProducerId: >= 0, ProducerEpoch: 0 });
        Assert.True(second is { ErrorCode: 0, ProducerEpoch: 0 } && second.ProducerId != first.ProducerId);
        Assert.Equal((short)ErrorCode.TransactionalIdAuthorizationFailed, transactional.ErrorCode);

        Task<InitProducerIdResponse> AskAsync(InitProducerIdRequest request) =>
            _client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(22, 5, request, flexible: true, taggedHeader: true);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task FindCoordinator_OfAGroup_IsThisNode(short version)
    {
        FindCoordinatorResponse response = await _client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
            10, version, new FindCoordinatorRequest { Key = "g", CoordinatorKeys = ["g", "h"] }, flexible: version >= 3, taggedHeader: version >= 3);

        Coordinator[] found = version >= 4 ? response.Coordinators : [new Coordinator { NodeId = response.NodeId, Host = response.Host, Port = response.Port, ErrorCode = response.ErrorCode }];
        Assert.Equal(version >= 4 ? 2 : 1, found.Length);
        Assert.All(found, c => Assert.Equal((7, "127.0.0.1", _node.Port, (short)0), (c.NodeId, c.Host, c.Port, c.ErrorCode)));
    }

    [Fact]
    public async Task FindCoordinator_OfATransaction_IsRefusedAtOnce()
    {
        FindCoordinatorResponse response = await _client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
            10, 3, new FindCoordinatorRequest { Key = "t", KeyType = 1 }, flexible: true, taggedHeader: true);

        Assert.Equal((short)ErrorCode.TransactionalIdAuthorizationFailed, response.ErrorCode);
    }
}
