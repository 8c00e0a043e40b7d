using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using static TattleTail.Spew.Tests.KafkaSocketCalls;

namespace TattleTail.Spew.Tests.Handlers;

/// <summary>Requests that name something twice, or nothing, or what cannot be: answered as Kafka answers them.</summary>
public sealed class OddRequestTests : IAsyncLifetime
{
    private const sbyte TopicResource = 2;

    private SpewTestNode _node = null!;
    private KafkaSocket _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await SpewTestNode.StartAsync();
        _client = await KafkaSocket.ConnectAsync(_node.Port);
        await _client.CreateAsync(false, Topic("a"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task AlterConfigs_TwiceOrToNull_IsAnInvalidRequest()
    {
        ChannelConfig before = _node.Log.Find("a")!.Config;

        Assert.Equal(ErrorCode.InvalidRequest, await AlterAsync(("retention.ms", "1000"), ("retention.ms", "2000")));
        Assert.Equal(ErrorCode.InvalidRequest, await AlterAsync(("retention.ms", null)));
        Assert.Equal(ErrorCode.InvalidRequest, await AlterSomeAsync((0, "retention.ms", "1000"), (0, "retention.ms", "2000")));
        Assert.Equal(ErrorCode.InvalidRequest, await AlterSomeAsync((0, "retention.ms", null)));
        Assert.Equal(ErrorCode.InvalidRequest, await AlterSomeAsync((2, "cleanup.policy", null)));
        Assert.Equal(before, _node.Log.Find("a")!.Config);
        Assert.Equal(ErrorCode.None, await AlterSomeAsync((1, "retention.ms", null)));
    }

    [Fact]
    public async Task DescribeConfigs_OfNoKeys_TellsAll()
    {
        DescribeConfigsResult none = await DescribeAsync("a", []);
        DescribeConfigsResult all = await DescribeAsync("a", null);

        Assert.NotEmpty(all.Configs);
        Assert.Equal(all.Configs.Select(c => c.Name), none.Configs.Select(c => c.Name));
        Assert.Equal((short)ErrorCode.InvalidTopic, (await DescribeAsync("a b", null)).ErrorCode);
        Assert.Equal((short)ErrorCode.UnknownTopicOrPartition, (await DescribeAsync("b", null)).ErrorCode);
    }

    [Fact]
    public async Task Create_TellsAllConfigsOfTheTopic() =>
        Assert.Equal((await DescribeAsync("a", null)).Configs.Select(c => c.Name), Assert.Single(await _client.CreateAsync(false, Topic("b"))).Configs!.Select(c => c.Name));

    [Fact]
    public async Task DescribeCluster_ForControllers_SaysThatThisIsABroker()
    {
        DescribeClusterResponse controllers = await DescribeAsync(2);
        DescribeClusterResponse others = await DescribeAsync(9);

        Assert.Equal((ErrorCode.MismatchedEndpointType, -1), ((ErrorCode)controllers.ErrorCode, controllers.ControllerId));
        Assert.Equal((ErrorCode.UnsupportedEndpointType, -1), ((ErrorCode)others.ErrorCode, others.ControllerId));

        Task<DescribeClusterResponse> DescribeAsync(sbyte type) =>
            _client.AskAsync<DescribeClusterRequest, DescribeClusterResponse>(60, 1, new DescribeClusterRequest { EndpointType = type }, flexible: true, taggedHeader: true);
    }

    [Fact]
    public async Task InitProducerId_WithHalfAnId_IsAnInvalidRequest()
    {
        InitProducerIdResponse response = await _client.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(
            22, 5, new InitProducerIdRequest { ProducerId = 5, ProducerEpoch = -1 }, flexible: true, taggedHeader: true);

        Assert.Equal((ErrorCode.InvalidRequest, -1L), ((ErrorCode)response.ErrorCode, response.ProducerId));
    }

    [Fact]
    public async Task Metadata_OfATopicNamedTwice_TellsItOnce() => Assert.Single((await _client.MetadataAsync(12, false, "a", "a")).Topics);

    [Fact]
    public async Task Groups_NamedTwiceOrNotAtAll_AreToldOnceAndRefused()
    {
        DeleteGroupsResponse twice = await _client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(
            42, 2, new DeleteGroupsRequest { GroupsNames = ["g", "g"] }, flexible: true, taggedHeader: true);
        OffsetDeleteResponse nameless = await _client.AskAsync<OffsetDeleteRequest, OffsetDeleteResponse>(
            47, 0, new OffsetDeleteRequest { GroupId = "", Topics = [] }, flexible: false, taggedHeader: false);

        Assert.Equal((short)ErrorCode.GroupIdNotFound, Assert.Single(twice.Results).ErrorCode);
        Assert.Equal((short)ErrorCode.InvalidGroupId, nameless.ErrorCode);
    }

    private async Task<ErrorCode> AlterAsync(params (string Name, string? Value)[] configs)
    {
        AlterConfigsResource resource = new() { ResourceType = TopicResource, ResourceName = "a", Configs = [.. configs.Select(c => new ConfigSetting { Name = c.Name, Value = c.Value })] };
        AlterConfigsResponse response = await _client.AskAsync<AlterConfigsRequest, AlterConfigsResponse>(33, 2, new AlterConfigsRequest { Resources = [resource] }, flexible: true, taggedHeader: true);
        return (ErrorCode)Assert.Single(response.Responses).ErrorCode;
    }

    private async Task<ErrorCode> AlterSomeAsync(params (sbyte Operation, string Name, string? Value)[] operations)
    {
        IncrementalAlterConfigsResource resource = new()
        {
            ResourceType = TopicResource,
            ResourceName = "a",
            Configs = [.. operations.Select(o => new IncrementalAlterableConfig { Name = o.Name, ConfigOperation = o.Operation, Value = o.Value })],
        };
        IncrementalAlterConfigsResponse response = await _client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(
            44, 1, new IncrementalAlterConfigsRequest { Resources = [resource] }, flexible: true, taggedHeader: true);
        return (ErrorCode)Assert.Single(response.Responses).ErrorCode;
    }

    private async Task<DescribeConfigsResult> DescribeAsync(string topic, string[]? keys)
    {
        DescribeConfigsResource resource = new() { ResourceType = TopicResource, ResourceName = topic, ConfigurationKeys = keys };
        DescribeConfigsResponse response = await _client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(
            32, 4, new DescribeConfigsRequest { Resources = [resource] }, flexible: true, taggedHeader: true);
        return Assert.Single(response.Results);
    }
}
