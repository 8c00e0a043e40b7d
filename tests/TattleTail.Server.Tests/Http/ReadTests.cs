namespace TattleTail.Server.Tests.Http;

public sealed class ReadTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await TestNode.StartAsync();
        var created = await _node.PostAsync("channels/a", "{\"partitions\":2}", "application/json");
        Assert.True(created.Status == 201, created.Body);

        // Times of partition 0 in seconds: 1, 3, 2, 4; of partition 1: 9.
        await PublishAsync(0, 1, 3, 2, 4);
        await PublishAsync(1, 9);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("", "1,3,2,4,9")]
    [InlineData("?partition=1", "9")]
    [InlineData("?from=beginning&limit=2", "1,3")]
    [InlineData("?from=2", "2,4")]
    [InlineData("?partition=0&from=1&to=3", "3,2")]
    [InlineData("?from=99", "")]
    [InlineData("?limit=0", "")]
    [InlineData("?from=1970-01-01T00:00:02", "3,2,4,9")]
    [InlineData("?from=1970-01-01T00:00:02&to=1970-01-01T00:00:04Z", "3,2")]
    [InlineData("?to=1970-01-01T00:00:02", "1")]
    [InlineData("?to=1970-01-01T00:00:02.0000001Z", "1,2")]
    [InlineData("?from=1970-01-01T00:00:03.0000001Z&to=1970-01-01T00:00:09", "4")]
    [InlineData("?by=recorded&from=1h", "1,3,2,4,9")]
    [InlineData("?by=recorded&to=1h", "")]
    [InlineData("?incarnation=all&partition=1", "9")]
    [InlineData("?incarnation=1&from=3", "4")]
    public async Task Read_BeforeAndAfterSealing_SelectsTheSame(string query, string expected)
    {
        var journalled = await _node.GetAsync($"channels/a/events{query}");
        Assert.Equal(200, (await _node.PostAsync("archive/seal")).Status);
        var archived = await _node.GetAsync($"channels/a/events{query}");

        Assert.Equal((200, "application/x-ndjson"), (journalled.Status, journalled.Headers["Content-Type"]));
        Assert.Equal(expected, string.Join(',', journalled.Bodies));
        Assert.Equal(expected, string.Join(',', archived.Bodies));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task Read_OfEverything_LeavesNoTimestampOut(long timestamp)
    {
        await _node.Node.Log.AppendEventsAsync(_node.Node.Log.Find("a")!.Partitions[0], [new Events.Event(timestamp, null, [], "extreme"u8.ToArray())]);

        Assert.Equal(["1", "3", "2", "4", "extreme"], (await _node.GetAsync("channels/a/events?partition=0")).Bodies);
    }

    [Fact]
    public async Task Read_NothingSelected_TellsTheNewestTime()
    {
        var byEvent = await _node.GetAsync("channels/a/events?from=1971-01-01");
        var byRecorded = await _node.GetAsync("channels/a/events?by=recorded&from=2999-01-01");

        Assert.Equal("1970-01-01T00:00:09.000Z", byEvent.Headers["TattleTail-Newest-Time"]);
        Assert.InRange(DateTimeOffset.Parse(byRecorded.Headers["TattleTail-Newest-Time"], null), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
        Assert.DoesNotContain("TattleTail-Newest-Time", (await _node.GetAsync("channels/a/events")).Headers.Keys);
    }

    [Fact]
    public async Task Read_OfAll_ShowsWhatIsNotServedAnyMore()
    {
        await _node.PublishLinesAsync("cut", [.. Enumerable.Range(0, 5).Select(i => $$"""{"body":"{{i}}"}""")]);
        await _node.Node.Log.MoveStartAsync(_node.Node.Log.Find("cut")!.Partitions[0], 3);

        Assert.Equal(["3", "4"], (await _node.GetAsync("channels/cut/events")).Bodies);
        Assert.Equal(["0", "1", "2", "3", "4"], (await _node.GetAsync("channels/cut/events?all=true")).Bodies);
        Assert.Equal(["1", "2"], (await _node.GetAsync("channels/cut/events?all=true&from=1&to=3")).Bodies);
    }

    [Fact]
    public async Task Read_AsCloudEvents_IsOneArray()
    {
        var all = await _node.GetAsync("channels/a/events", ("Accept", "application/cloudevents-batch+json"));
        var none = await _node.GetAsync("channels/a/events?from=99", ("Accept", "application/cloudevents-batch+json"));

        Assert.Equal("application/cloudevents-batch+json", all.Headers["Content-Type"]);
        Assert.Equal(5, all.Json.GetArrayLength());
        Assert.All(all.Json.EnumerateArray(), e => Assert.Equal("1.0", e.GetProperty("specversion").GetString()));
        Assert.Equal("[]", none.Body);
    }

    [Theory]
    [InlineData("?from=soon", 400)]
    [InlineData("?from=-1", 400)]
    [InlineData("?to=beginning", 400)]
    [InlineData("?by=sender", 400)]
    [InlineData("?limit=many", 400)]
    [InlineData("?partition=2", 400)]
    [InlineData("?partition=0&partition=1", 400)]
    [InlineData("?form=1", 400)]
    [InlineData("?follow=yes", 400)]
    [InlineData("?incarnation=2", 404)]
    public async Task Read_WrongParameter_IsNamed(string query, int status)
    {
        var answer = await _node.GetAsync($"channels/a/events{query}");

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.NotEmpty(answer.Json.GetProperty("detail").GetString()!);
    }

    [Fact]
    public async Task Read_UnknownChannelOrForm_IsRefused()
    {
        Assert.Equal(404, (await _node.GetAsync("channels/absent/events")).Status);
        Assert.Equal(406, (await _node.GetAsync("channels/a/events", ("Accept", "text/html"))).Status);
        Assert.Equal(400, (await _node.GetAsync("channels/a/events?follow=true", ("Accept", "application/cloudevents-batch+json"))).Status);
    }

    [Fact]
    public async Task Read_Following_GoesOnWithWhatComesUntilTheNodeStops()
    {
        using var response = await _node.Http.GetAsync(_node.Url("channels/a/events?from=2&follow=true"), HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(["2", "4"], [await BodyAsync(lines), await BodyAsync(lines)]);

        await PublishAsync(1, 5, 6);
        Assert.Equal("6", await BodyAsync(lines));
        await PublishAsync(0, 7);
        Assert.Equal("7", await BodyAsync(lines));

        await _node.Node.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Null(await lines.ReadLineAsync());
    }

    [Fact]
    public async Task Read_FollowingAnEmptyEnd_AnswersAtOnceWithItsHeaders()
    {
        using var response = await _node.Http.GetAsync(_node.Url("channels/a/events?from=99&follow=true"), HttpCompletionOption.ResponseHeadersRead).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal("1970-01-01T00:00:09.000Z", Assert.Single(response.Headers.GetValues("TattleTail-Newest-Time")));
    }

    [Fact]
    public async Task Read_ClientGoesAway_IsForgotten()
    {
        using (await _node.Http.GetAsync(_node.Url("channels/a/events?follow=true"), HttpCompletionOption.ResponseHeadersRead))
        {
        }

        // A reader that were still there would keep the stop waiting for its grace of 30 s.
        await _node.Node.StopAsync().WaitAsync(TimeSpan.FromSeconds(20));
    }

    private async Task PublishAsync(int partition, params int[] seconds)
    {
        var answer = await _node.PostAsync($"channels/a/events?partition={partition}", string.Join('\n', seconds.Select(Envelope)), "application/x-ndjson");
        Assert.True(answer.Status == 201, answer.Body);
    }

    private static string Envelope(int second) => $$"""{"timestamp":{{second}}000,"body":"{{second}}"}""";

    private static async Task<string?> BodyAsync(StreamReader lines)
    {
        var line = await lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        return System.Text.Json.JsonDocument.Parse(line!).RootElement.GetProperty("body").GetString();
    }
}
