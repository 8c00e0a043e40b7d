using System.Text.Json.Nodes;
using TattleTail.Log;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Where clients of other languages start to read, and what they make of events that others sent.</summary>
public sealed class ClientPositionTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private const int Events = 40;

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Consumer_EventsOfEveryKind_AreReadAsTheyLieInTheLog(string name, bool throughArchive)
    {
        ScriptedClient client = ScriptedClient.Named(name);
        List<Events.Event> events = client.SendsBinary ? ClientEvents.OfEveryKind(Events) : ClientEvents.For(client, Events);
        Channel channel = await nodes.CreateAsync(throughArchive, "kinds");
        await nodes.Node(throughArchive).Log.AppendEventsAsync(channel.Partitions[0], events);
        await using ClientSession consumer = ClientSession.Start(client, nodes.Node(throughArchive).Bootstrap, "consume");

        JsonObject read = await consumer.AskAsync(new { topic = channel.Name, offset = 0, count = events.Count });

        Assert.Equal(events.Select(e => e.ToJson().Describe()), read["events"]!.AsArray().Select(e => e!.Describe()));
        await consumer.EndAsync();
    }

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Consumer_ByTimeOrFromOutOfRange_StartsWhereItShould(string name, bool throughArchive)
    {
        Channel channel = await FilledAsync(throughArchive);
        await using ClientSession consumer = ClientSession.Start(ScriptedClient.Named(name), nodes.Node(throughArchive).Bootstrap, "consume");

        JsonObject byTime = await consumer.AskAsync(new { topic = channel.Name, time = ClientEvents.Time + 191, count = 1 });
        JsonObject earliest = await consumer.AskAsync(new { topic = channel.Name, offset = 1_000_000, reset = "earliest", count = 2 });

        // It has been reset to the end when it gets what comes after that.
        await consumer.SendAsync(new { topic = channel.Name, offset = 1_000_000, reset = "latest", count = 1 });
        Task<JsonObject?> latest = consumer.ReadAsync();
        while (!latest.IsCompleted)
        {
            await nodes.Node(throughArchive).Log.AppendEventsAsync(channel.Partitions[0], [ClientEvents.Text("late")]);
            await Task.WhenAny(latest, Task.Delay(100));
        }

        Assert.Equal([20], Offsets(byTime));
        Assert.Equal([0, 1], Offsets(earliest));
        Assert.True(Assert.Single(Offsets((await latest)!)) >= Events);
        await consumer.EndAsync();
    }

    private async Task<Channel> FilledAsync(bool throughArchive)
    {
        Channel channel = await nodes.CreateAsync(throughArchive, "position");
        await nodes.Node(throughArchive).Log.AppendEventsAsync(channel.Partitions[0], [.. Enumerable.Range(0, Events).Select(i => ClientEvents.Text($"{i}", i))]);
        return channel;
    }

    private static IEnumerable<int> Offsets(JsonObject answer)
    {
        Assert.True(answer.ContainsKey("events"), answer.ToJsonString());
        return answer["events"]!.AsArray().Select(e => e!["offset"]!.GetValue<int>());
    }
}
