using System.Globalization;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Consumer groups of the Java client, and Kafka's tool for them.</summary>
public sealed class JavaGroupTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ConsumerGroup_IsConsumedDescribedResetAndDeleted(bool throughArchive)
    {
        JavaTool.SkipUnlessThere();
        SpewTestNode node = nodes.Node(throughArchive);
        Channel channel = await nodes.CreateAsync(throughArchive, "java-group");
        await node.Log.AppendEventsAsync(channel.Partitions[0], [.. Enumerable.Range(0, 10).Select(i => ClientEvents.Text($"body {i}", i))]);
        string group = nodes.NewName("java");

        Assert.Equal(Bodies(0, 6), await ConsumeAsync(node, channel, group, 6));
        Assert.Equal(6, await CommittedAsync(node, group));
        Assert.Contains(group, await GroupsAsync(node, "--list"), StringComparison.Ordinal);
        Assert.Matches($@"{group}\s+{channel.Name}\s+0\s+6\s+10\s+4\s", await GroupsAsync(node, "--describe", "--group", group));

        string time = DateTimeOffset.FromUnixTimeMilliseconds(ClientEvents.Time + 21).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        await GroupsAsync(node, "--reset-offsets", "--to-datetime", time, "--topic", channel.Name, "--group", group, "--execute");
        Assert.Equal(3, await CommittedAsync(node, group));
        Assert.Equal(Bodies(3, 2), await ConsumeAsync(node, channel, group, 2));

        await GroupsAsync(node, "--reset-offsets", "--to-earliest", "--topic", channel.Name, "--group", group, "--execute");
        Assert.Equal(0, await CommittedAsync(node, group));

        await GroupsAsync(node, "--delete", "--group", group);
        Assert.Empty(await node.Log.Groups.CommitsAsync(group));
    }

    private static async Task<long> CommittedAsync(SpewTestNode node, string group) => Assert.Single(await node.Log.Groups.CommitsAsync(group)).Offset;

    private static IEnumerable<string> Bodies(int from, int count) => Enumerable.Range(from, count).Select(i => $"body {i}");

    private static async Task<IEnumerable<string>> ConsumeAsync(SpewTestNode node, Channel channel, string group, int count)
    {
        string output = await JavaTool.RunAsync(
            node, "consumer.ConsoleConsumer", "--topic", channel.Name, "--group", group, "--from-beginning", "--max-messages", $"{count}", "--timeout-ms", "60000");
        return output.Split('\n').Where(line => line.StartsWith("body", StringComparison.Ordinal));
    }

    private static Task<string> GroupsAsync(SpewTestNode node, params string[] arguments) => JavaTool.RunAsync(node, "consumer.group.ConsumerGroupCommand", arguments);
}
