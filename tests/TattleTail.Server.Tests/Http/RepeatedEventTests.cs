using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Tests.Http;

public sealed class RepeatedEventTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Event_PostedAgain_IsAnsweredWithItsFirstPlaceAndRecordedOnce()
    {
        Answer first = await PostAsync("1");
        Answer other = await PostAsync("2");
        Answer again = await PostAsync("1");
        Answer binary = await _node.PostAsync("channels/a/events", "hi", "text/plain", ("ce-specversion", "1.0"), ("ce-id", "1"), ("ce-source", "/t"), ("ce-type", "t"));

        Assert.Equal((201, 0, false), Of(first));
        Assert.Equal((201, 1, false), Of(other));
        Assert.Equal((200, 0, true), Of(again));
        Assert.Equal((200, 0, true), Of(binary));
        Assert.Equal(first.Headers["Location"], again.Headers["Location"]);
        Assert.Equal(2, (await _node.GetAsync("channels/a/events")).Lines.Count);
        Assert.Equal((201, 0, false), Of(await PostAsync("1", "b")));
        Assert.Equal((201, 2, false), Of(await PostAsync("1", "a", "/elsewhere")));
    }

    [Fact]
    public async Task Event_PostedAgainAfterARestart_IsKnown()
    {
        await PostAsync("1");
        await _node.PublishLinesAsync("a", Event("2", "/t"));
        await _node.RestartAsync();

        Assert.Equal((200, 0, true), Of(await PostAsync("1")));
        Assert.Equal((200, 1, true), Of(await PostAsync("2")));
        Assert.Equal((201, 2, false), Of(await PostAsync("3")));
    }

    [Fact]
    public async Task Event_PostedByManyAtOnce_IsRecordedOnce()
    {
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync("1")));

        Assert.Equal(1, answers.Count(a => a.Status == 201));
        Assert.Single((await _node.GetAsync("channels/a/events")).Lines);
    }

    [Fact]
    public async Task Event_PostedAgainWithoutAWindow_IsRecordedAgain()
    {
        await using TestNode node = await TestNode.StartAsync(c => c with { DedupeWindow = TimeSpan.Zero });
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(201, (await node.PostAsync("channels/a/events", Event("1", "/t"), "application/cloudevents+json")).Status);
        }
    }

    [Fact]
    public async Task Recent_AfterTheWindow_RecordsAgain_AndAfterAFailureTheNextTries()
    {
        var clock = new SettableClock();
        var channel = await _node.Node.Log.CreateChannelAsync("c", 1);
        var recent = new RecentCloudEvents(_node.Node.Log, TimeSpan.FromMinutes(10), clock);
        int recorded = 0;
        Task<(int, long)> RecordAsync() => Task.FromResult((0, (long)recorded++));

        await Assert.ThrowsAsync<IOException>(async () => await recent.RecordOnceAsync(channel, 7, () => throw new IOException("no room"), default));
        Assert.Equal((false, (0, 0L)), await recent.RecordOnceAsync(channel, 7, RecordAsync, default));
        clock.Now += TimeSpan.FromMinutes(9);
        Assert.Equal((true, (0, 0L)), await recent.RecordOnceAsync(channel, 7, RecordAsync, default));
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal((false, (0, 1L)), await recent.RecordOnceAsync(channel, 7, RecordAsync, default));
    }

    private static string Event(string id, string source) => $$"""{"specversion":"1.0","id":"{{id}}","source":"{{source}}","type":"t","data":"hi"}""";

    private static (int Status, long Offset, bool Repeated) Of(Answer answer) =>
        (answer.Status, answer.Json.GetProperty("offset").GetInt64(), answer.Json.TryGetProperty("repeated", out var repeated) && repeated.GetBoolean());

    private Task<Answer> PostAsync(string id, string channel = "a", string source = "/t") =>
        _node.PostAsync($"channels/{channel}/events", Event(id, source), "application/cloudevents+json");

    private sealed class SettableClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
