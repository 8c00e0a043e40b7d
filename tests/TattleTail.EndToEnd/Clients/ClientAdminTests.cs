using System.Text.Json.Nodes;
using Confluent.Kafka;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>What clients of other languages can ask for and change, each as far as it has calls for it.</summary>
public sealed class ClientAdminTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private const string Long = "31536000000000";

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Admin_Channel_IsCreatedGrownConfiguredAndDeleted(string name, bool throughArchive)
    {
        ScriptedClient client = ScriptedClient.Named(name);
        EventLog log = nodes.Node(throughArchive).Log;
        string topic = nodes.NewName("administered");
        await using ClientSession admin = ClientSession.Start(client, nodes.Node(throughArchive).Bootstrap, "admin");
        if (client.Can("create"))
        {
            await admin.AskAsync(new { op = "create", topic, partitions = 2, configs = new Dictionary<string, string> { ["retention.ms"] = Long } });
            Assert.Equal("17", await admin.AskInVainAsync(new { op = "create", topic = "no name!", partitions = 2, configs = new { } }));
            Assert.Equal("40", await admin.AskInVainAsync(new { op = "create", topic = nodes.NewName("odd"), partitions = 2, configs = new Dictionary<string, string> { ["no.such"] = "1" } }));
        }
        else
        {
            await log.CreateChannelAsync(topic, 2);
        }

        Channel channel = log.Find(topic)!;
        Assert.Equal(2, channel.Partitions.Count);
        Assert.Contains(topic, Texts(await admin.AskAsync(new { op = "list" }), "topics"));
        if (client.Can("partitions"))
        {
            await admin.AskAsync(new { op = "partitions", topic, count = 3 });
            Assert.Equal("37", await admin.AskInVainAsync(new { op = "partitions", topic, count = 1 }));
            Assert.Equal(3, channel.Partitions.Count);
        }

        Assert.Equal(Enumerable.Range(0, channel.Partitions.Count), Numbers(await admin.AskAsync(new { op = "describe", topic }), "partitions"));
        if (client.Can("alter"))
        {
            Assert.Equal(Long, (await admin.AskAsync(new { op = "configs", topic }))["configs"]!["retention.ms"]!.GetValue<string>());
            await admin.AskAsync(new { op = "alter", topic, configs = new Dictionary<string, string> { ["max.message.bytes"] = "2000" } });
            Assert.Equal("40", await admin.AskInVainAsync(new { op = "alter", topic, configs = new Dictionary<string, string> { ["max.message.bytes"] = "two" } }));
            Assert.Equal("2000", (await admin.AskAsync(new { op = "configs", topic }))["configs"]!["max.message.bytes"]!.GetValue<string>());
            Assert.Equal(2000, channel.Config.MaxMessageBytes);
        }

        if (client.Can("delete"))
        {
            await admin.AskAsync(new { op = "delete", topic });
            Assert.Equal("3", await admin.AskInVainAsync(new { op = "delete", topic }));
            Assert.Null(log.Find(topic));
            Assert.DoesNotContain(topic, Texts(await admin.AskAsync(new { op = "list" }), "topics"));
        }

        await admin.EndAsync();
    }

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Admin_GroupsAndRecords_AreToldAndChanged(string name, bool throughArchive)
    {
        ScriptedClient client = ScriptedClient.Named(name);
        SpewTestNode node = nodes.Node(throughArchive);
        Channel channel = await nodes.CreateAsync(throughArchive, "kept", partitions: 2);
        LogPartition partition = channel.Partitions[0];
        await node.Log.AppendEventsAsync(partition, [.. Enumerable.Range(0, 10).Select(i => ClientEvents.Text($"{i}", i))]);
        string topic = channel.Name;
        string group = nodes.NewName("group");
        Commit(node, group, topic, 7);
        await using ClientSession admin = ClientSession.Start(client, node.Bootstrap, "admin");
        Assert.Equal("[[0,10],[0,0]]", (await admin.AskAsync(new { op = "watermarks", topic }))["watermarks"]!.ToJsonString());
        if (client.Can("group"))
        {
            Assert.Contains(group, Texts(await admin.AskAsync(new { op = "groups" }), "groups"));
            JsonObject described = await admin.AskAsync(new { op = "group", group });
            Assert.Equal(("Empty", 0), (Capitalized(described["state"]!.GetValue<string>()), described["members"]!.GetValue<int>()));
            Assert.Equal(7, (await admin.AskAsync(new { op = "committed", group, topic }))["committed"]!["0"]!.GetValue<int>());
        }

        if (client.Can("reset"))
        {
            await admin.AskAsync(new { op = "reset", group, topic, partition = 0, offset = 3 });
            Assert.Equal(3, Assert.Single(await node.Log.Groups.CommitsAsync(group)).Offset);
        }

        if (client.Can("deleteGroup"))
        {
            await admin.AskAsync(new { op = "deleteGroup", group });
            Assert.Equal("69", await admin.AskInVainAsync(new { op = "deleteGroup", group }));
            Assert.DoesNotContain(group, Texts(await admin.AskAsync(new { op = "groups" }), "groups"));
            Assert.Empty(await node.Log.Groups.CommitsAsync(group));
        }

        if (client.Can("deleteRecords"))
        {
            await admin.AskAsync(new { op = "deleteRecords", topic, partition = 0, offset = 4 });
            Assert.Equal("[[4,10],[0,0]]", (await admin.AskAsync(new { op = "watermarks", topic }))["watermarks"]!.ToJsonString());
            Assert.Equal(4, partition.StartOffset);
        }

        await admin.EndAsync();
    }

    private static void Commit(SpewTestNode node, string group, string topic, long offset)
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig { BootstrapServers = node.Bootstrap, GroupId = group }).Build();
        consumer.Commit([new TopicPartitionOffset(topic, 0, offset)]);
    }

    private static string Capitalized(string state) => state[..1].ToUpperInvariant() + state[1..].ToLowerInvariant();

    private static IEnumerable<string> Texts(JsonObject answer, string name) => answer[name]!.AsArray().Select(n => n!.GetValue<string>());

    private static IEnumerable<int> Numbers(JsonObject answer, string name) => answer[name]!.AsArray().Select(n => n!.GetValue<int>());
}
