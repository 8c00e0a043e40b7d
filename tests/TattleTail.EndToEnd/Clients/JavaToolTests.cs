using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Apache Kafka's own tools against the embedded broker.</summary>
public sealed class JavaToolTests : IAsyncLifetime
{
    private SpewTestNode? _node;

    private string[] Bootstrap => ["--bootstrap-server", _node!.Bootstrap];

    public async ValueTask InitializeAsync()
    {
        JavaTool.SkipUnlessThere();
        _node = await SpewTestNode.StartAsync();
    }

    public ValueTask DisposeAsync() => _node?.DisposeAsync() ?? default;

    [Fact]
    public async Task BrokerApiVersions_ListsWhatIsServed()
    {
        string output = await RunAsync("BrokerApiVersionsCommand", "");

        Assert.Contains($"{_node!.Bootstrap} (id: 1", output, StringComparison.Ordinal);
        Assert.Contains("Produce(0): 0 to 11 [usable: 11]", output, StringComparison.Ordinal);
        Assert.Contains("Fetch(1): 4 to 12 [usable: 12]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopicCommand_CreatesListsAndDeletes()
    {
        Assert.Contains("Created topic java-made.", await RunAsync("TopicCommand", "", "--create", "--topic", "java-made", "--partitions", "3", "--config", "retention.ms=-1"), StringComparison.Ordinal);
        Assert.Contains("java-made", await RunAsync("TopicCommand", "", "--list"), StringComparison.Ordinal);
        Assert.Equal(3, _node!.Log.Find("java-made")!.Partitions.Count);

        await RunAsync("TopicCommand", "", "--delete", "--topic", "java-made");

        Assert.DoesNotContain("java-made", await RunAsync("TopicCommand", "", "--list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TopicAndConfigCommand_GrowAndConfigureAChannel()
    {
        Channel channel = await _node!.Log.CreateChannelAsync("grown", 1);

        await RunAsync("TopicCommand", "", "--alter", "--topic", "grown", "--partitions", "4");
        await RunAsync("kafka.admin.ConfigCommand", "", "--alter", "--entity-type", "topics", "--entity-name", "grown", "--add-config", "max.message.bytes=5000,retention.ms=31536000000000");
        await RunAsync("kafka.admin.ConfigCommand", "", "--alter", "--entity-type", "topics", "--entity-name", "grown", "--delete-config", "retention.ms");

        Assert.Equal((4, 5_000, -1), (channel.Partitions.Count, channel.Config.MaxMessageBytes, channel.Config.RetentionMs));
        string output = await RunAsync("kafka.admin.ConfigCommand", "", "--describe", "--entity-type", "topics", "--entity-name", "grown");
        Assert.Contains("max.message.bytes=5000 sensitive=false", output, StringComparison.Ordinal);
        Assert.DoesNotContain("retention.ms=3", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public async Task ConsoleProducerAndConsumer_ExchangeEvents(string compression)
    {
        string channel = "console-" + compression;
        await RunAsync(
            "ConsoleProducer",
            "h1:v1\tk1\tfirst\nh1:v2,h1:v3\tk2\tsecond\nNULL\tk3\tthird\n",
            "--topic", channel, "--compression-codec", compression, "--property", "parse.key=true", "--property", "parse.headers=true", "--property", "null.marker=NULL");

        string output = await RunAsync(
            "consumer.ConsoleConsumer",
            "",
            "--topic", channel, "--partition", "0", "--offset", "earliest", "--max-messages", "3", "--property", "print.key=true", "--property", "print.headers=true", "--property", "print.offset=true");

        Assert.Contains("Offset:0\th1:v1\tk1\tfirst", output, StringComparison.Ordinal);
        Assert.Contains("Offset:1\th1:v2,h1:v3\tk2\tsecond", output, StringComparison.Ordinal);
        Assert.Contains("Offset:2\tNO_HEADERS\tk3\tthird", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProducerPerformance_RecordsAllThatItSends()
    {
        (int exitCode, string output) = await JavaTool.RunAsync(
            "ProducerPerformance", "", "--topic", "fast", "--num-records", "50000", "--record-size", "500", "--throughput", "-1", "--producer-props", $"bootstrap.servers={_node!.Bootstrap}");

        Assert.True(exitCode == 0, output);
        Assert.Contains("50000 records sent", output, StringComparison.Ordinal);
        Assert.Contains("fast:0:50000", await RunAsync("GetOffsetShell", "", "--topic", "fast", "--time", "-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TransactionalProducer_IsRefusedAtOnce()
    {
        (int exitCode, string output) = await JavaTool.RunAsync(
            "ProducerPerformance", "", "--topic", "tx", "--num-records", "10", "--record-size", "10", "--throughput", "-1", "--transactional-id", "t", "--producer-props", $"bootstrap.servers={_node!.Bootstrap}");

        Assert.NotEqual(0, exitCode);
        Assert.Contains("TransactionalIdAuthorizationException", output, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string tool, string input, params string[] arguments)
    {
        (int exitCode, string output) = await JavaTool.RunAsync(tool, input, [.. Bootstrap, .. arguments]);
        Assert.True(exitCode == 0, $"{tool} ended with {exitCode}: {output}");
        return output;
    }
}
