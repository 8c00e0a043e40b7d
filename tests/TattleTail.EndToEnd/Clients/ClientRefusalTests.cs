using System.Text.Json.Nodes;
using TattleTail.Events;
using TattleTail.Log;

namespace TattleTail.EndToEnd.Clients;

/// <summary>What clients of other languages are told when they send what can't be taken.</summary>
public sealed class ClientRefusalTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Producer_UnknownChannelBadNameOrTooLargeMessage_IsToldSoAndGoesOn(string name, bool throughArchive)
    {
        ScriptedClient client = ScriptedClient.Named(name);
        Channel channel = await nodes.CreateAsync(throughArchive, "small", config: new ChannelConfig { MaxMessageBytes = 1_000 });
        string unknown = nodes.NewName("unknown");
        await using ClientSession producer = ClientSession.Start(client, nodes.Node(throughArchive).Bootstrap, "produce");

        Assert.Equal(client.UnknownChannel, await producer.AskInVainAsync(Produce(unknown, "x")));
        Assert.Equal(client.BadName, await producer.AskInVainAsync(Produce("no name!", "x")));
        Assert.Equal("10", await producer.AskInVainAsync(Produce(channel.Name, new string('x', 2_000))));
        await producer.AskAsync(Produce(channel.Name, "fits"));

        Assert.Null(nodes.Node(throughArchive).Log.Find(unknown));
        (List<Event> kept, _) = await nodes.Node(throughArchive).ReadAllAsync(channel.Partitions[0]);
        Assert.Equal("fits"u8, Assert.Single(kept).Body!.Value.Span);
        await producer.EndAsync();
    }

    private static JsonObject Produce(string topic, string body) => new() { ["topic"] = topic, ["messages"] = new JsonArray(ClientEvents.Text(body).ToJson()) };
}
