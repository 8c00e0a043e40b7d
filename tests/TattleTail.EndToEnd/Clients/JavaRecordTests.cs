using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Kafka's tools that write, measure, find and delete records.</summary>
public sealed class JavaRecordTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DeleteRecordsCommandAndGetOffsetShell_MoveAndTellOffsets(bool throughArchive)
    {
        JavaTool.SkipUnlessThere();
        SpewTestNode node = nodes.Node(throughArchive);
        Channel channel = await nodes.CreateAsync(throughArchive, "java-offsets");
        await node.Log.AppendEventsAsync(channel.Partitions[0], [.. Enumerable.Range(0, 10).Select(i => ClientEvents.Text($"{i}", i))]);

        Assert.Contains($"{channel.Name}:0:7", await OffsetAsync(node, channel, $"{ClientEvents.Time + 61}"), StringComparison.Ordinal);
        Assert.Contains($"{channel.Name}:0:9", await OffsetAsync(node, channel, "max-timestamp"), StringComparison.Ordinal);

        string file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$"""{"partitions": [{"topic": "{{channel.Name}}", "partition": 0, "offset": 3}], "version": 1}""");
        string deleted = await JavaTool.RunAsync(node, "DeleteRecordsCommand", "--offset-json-file", file);
        File.Delete(file);

        Assert.Contains("low_watermark: 3", deleted, StringComparison.Ordinal);
        Assert.Equal(3, channel.Partitions[0].StartOffset);
        Assert.Contains($"{channel.Name}:0:3", await OffsetAsync(node, channel, "earliest"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task VerifiableProducerAndConsumer_AgreeOnWhatWasSent(bool throughArchive)
    {
        JavaTool.SkipUnlessThere();
        SpewTestNode node = nodes.Node(throughArchive);
        Channel channel = await nodes.CreateAsync(throughArchive, "java-verified", partitions: 2);

        string sent = await JavaTool.RunAsync(node, "VerifiableProducer", "--topic", channel.Name, "--max-messages", "500", "--acks", "-1");
        string read = await JavaTool.RunAsync(
            node, "VerifiableConsumer", "--topic", channel.Name, "--group-id", nodes.NewName("verified"), "--max-messages", "500", "--reset-policy", "earliest", "--verbose");

        Assert.Contains("\"sent\":500,\"acked\":500", sent, StringComparison.Ordinal);
        Assert.Equal(500, channel.Partitions.Sum(partition => partition.HighWatermark));
        Assert.Equal(500, read.Split('\n').Count(line => line.Contains("\"name\":\"record_data\"", StringComparison.Ordinal)));
        Assert.Contains("\"success\":true", read, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConsumerPerformanceAndEndToEndLatency_GetAllThatTheyAskFor()
    {
        JavaTool.SkipUnlessThere();
        SpewTestNode node = nodes.Node(throughArchive: false);
        Channel channel = await nodes.CreateAsync(throughArchive: false, "java-measured");

        (int exitCode, string latency) = await JavaTool.RunAsync("EndToEndLatency", "", node.Bootstrap, channel.Name, "200", "all", "100");
        string fetched = await JavaTool.RunAsync(node, "ConsumerPerformance", "--topic", channel.Name, "--messages", "200", "--timeout", "30000");

        Assert.True(exitCode == 0, latency);
        Assert.Contains("Percentiles", latency, StringComparison.Ordinal);
        Assert.Equal(200, channel.Partitions[0].HighWatermark);
        Assert.Contains(", 200, ", fetched, StringComparison.Ordinal);
    }

    private static Task<string> OffsetAsync(SpewTestNode node, Channel channel, string time) => JavaTool.RunAsync(node, "GetOffsetShell", "--topic", channel.Name, "--time", time);
}
