using System.Text.Json;

namespace TattleTail.Server.Tests.Http;

public sealed class PublishTests : IAsyncLifetime
{
    private const string CloudEvent = """{"specversion":"1.0", "id":"1","source":"/t","type":"greeting","data":"hi"}""";
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(c => c with { DefaultPartitions = 4, MaxEventBytes = 4096, HttpMaxBodyBytes = 64 * 1024 });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Publish_Structured_IsKeptByteForByte()
    {
        var answer = await _node.PostAsync("channels/a/events", CloudEvent, "application/cloudevents+json; charset=utf-8");

        Assert.Equal(201, answer.Status);
        Assert.Equal(("a", 1, 0), (answer.Json.GetProperty("channel").GetString(), answer.Json.GetProperty("incarnation").GetInt32(), answer.Json.GetProperty("offset").GetInt32()));
        var read = await _node.GetAsync(answer.Headers["Location"].TrimStart('/'));
        Assert.Equal(CloudEvent, Assert.Single(read.Bodies));
    }

    [Fact]
    public async Task Publish_Binary_KeepsAttributesAsHeaders()
    {
        var answer = await _node.PostAsync(
            "channels/a/events", "{\"total\":3}", "application/json", ("ce-specversion", "1.0"), ("ce-id", "7"), ("ce-source", "/shop"), ("ce-type", "order placed"), ("ce-subject", "Gr%C3%BC%C3%9Fe"), ("ce-partitionkey", "k"));

        Assert.Equal(201, answer.Status);
        var line = Assert.Single((await _node.GetAsync("channels/a/events")).Lines);
        Assert.Equal(("k", "{\"total\":3}"), (line.GetProperty("key").GetString(), line.GetProperty("body").GetString()));
        var headers = line.GetProperty("headers").EnumerateArray().ToDictionary(h => h[0].GetString()!, h => h[1].GetString());
        Assert.Equal(("Grüße", "application/json", "order placed"), (headers["ce_subject"], headers["content-type"], headers["ce_type"]));
    }

    [Fact]
    public async Task Publish_Batch_TellsWhereEachWent()
    {
        var keyed = CloudEvent.Replace("\"id\"", "\"partitionkey\":\"key-1\",\"id\"", StringComparison.Ordinal);

        var answer = await _node.PostAsync("channels/a/events", $"[{CloudEvent},{keyed},{CloudEvent}]", "application/cloudevents-batch+json");

        Assert.Equal(201, answer.Status);
        Assert.Equal(3, answer.Json.GetProperty("count").GetInt32());
        var events = answer.Json.GetProperty("events").EnumerateArray().Select(e => (Partition: e.GetProperty("partition").GetInt32(), Offset: e.GetProperty("offset").GetInt32())).ToList();
        Assert.Equal(Events.Partitioner.ForKey("key-1"u8, 4), events[1].Partition);
        Assert.Equal(events[0].Partition, events[2].Partition);
        Assert.Equal(3, events.Distinct().Count());
    }

    [Theory]
    [InlineData("{nonsense")]
    [InlineData("")]
    [InlineData("\n\r\n")]
    public async Task Publish_LinesWithoutAGoodEvent_CreateNoChannel(string lines)
    {
        var answer = await _node.PublishLinesAsync("typo", lines);

        Assert.Equal(lines.StartsWith('{') ? 400 : 201, answer.Status);
        Assert.Equal(404, (await _node.GetAsync("channels/typo")).Status);
    }

    [Fact]
    public async Task Publish_PartitionThatThereIsNot_IsRefusedAndCreatesNoChannel()
    {
        var answer = await _node.PostAsync("channels/typo/events?partition=4", CloudEvent, "application/cloudevents+json");

        Assert.Equal(400, answer.Status);
        Assert.Contains("partitions 0 to 3, not '4'", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(404, (await _node.GetAsync("channels/typo")).Status);
    }

    [Fact]
    public async Task Publish_EnvelopeOfAReadEvent_LosesNothing()
    {
        var envelope = """{"timestamp":-1,"key":{"base64":"/w=="},"headers":[["h","1"],["h",null],["h",""]],"body":null}""";
        Assert.Equal(201, (await _node.PostAsync("channels/a/events?partition=2", envelope, "application/vnd.tattletail.event+json")).Status);
        var first = Assert.Single((await _node.GetAsync("channels/a/events")).Lines);

        Assert.Equal(201, (await _node.PublishLinesAsync("b", first.GetRawText())).Status);

        var second = Assert.Single((await _node.GetAsync("channels/b/events")).Lines);
        Assert.Equal(2, first.GetProperty("partition").GetInt32());
        Assert.All(["timestamp", "key", "headers", "body"], name => Assert.Equal(first.GetProperty(name).GetRawText(), second.GetProperty(name).GetRawText()));
    }

    [Fact]
    public async Task Publish_LinesWithABadOne_KeepsThoseBeforeItAndNamesItsNumber()
    {
        var answer = await _node.PublishLinesAsync("a", CloudEvent, "", "{\"body\":\"two\"}\r", "{\"body\": oops}", CloudEvent);

        Assert.Equal((400, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal((4, 2), (answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("accepted").GetInt32()));
        Assert.Contains("line 4", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal([CloudEvent, "two"], (await _node.GetAsync("channels/a/events")).Bodies);
    }

    [Fact]
    public async Task Publish_LongStreamOfLines_IsTakenWhole()
    {
        var lines = Enumerable.Range(0, 12_000).Select(i => $$"""{"key":"{{i % 7}}","body":"event {{i}}"}""").ToArray();

        var answer = await _node.PublishLinesAsync("a", lines);

        Assert.Equal((201, 12_000), (answer.Status, answer.Json.GetProperty("count").GetInt32()));
        Assert.Equal(JsonValueKind.Null, answer.Json.GetProperty("events").ValueKind);
        Assert.Equal(12_000, answer.Json.GetProperty("partitions").EnumerateArray().Sum(p => p.GetProperty("lastOffset").GetInt32() - p.GetProperty("firstOffset").GetInt32() + 1));
        Assert.Equal(12_000, (await _node.GetAsync("channels/a/events")).Bodies.Distinct().Count());
    }

    [Theory]
    [InlineData(4096, 201)]
    [InlineData(4097, 413)]
    public async Task Publish_EventAtTheLimit_IsHeldToIt(int bytes, int status)
    {
        var envelope = $$"""{"body":"{{new string('x', bytes - 11)}}"}""";
        Assert.Equal(bytes, envelope.Length);

        Assert.Equal(status, (await _node.PostAsync("channels/a/events", envelope, "application/vnd.tattletail.event+json")).Status);
        Assert.Equal(status, (await _node.PublishLinesAsync("a", envelope)).Status);
        Assert.Equal(status, (await _node.PublishLinesAsync("a", envelope, "")).Status);
    }

    [Fact]
    public async Task Publish_LineWithoutEnd_IsRefusedBeforeItIsHeldWhole()
    {
        var answer = await _node.PublishLinesAsync("a", "{\"body\":\"one\"}", new string('x', 3_000_000));

        Assert.Equal((413, 2, 1), (answer.Status, answer.Json.GetProperty("line").GetInt32(), answer.Json.GetProperty("accepted").GetInt32()));
    }

    [Fact]
    public async Task Publish_BodyAboveTheLimit_Is413()
    {
        var answer = await _node.PostAsync("channels/a/events", $"[{string.Join(',', Enumerable.Repeat(CloudEvent, 1000))}]", "application/cloudevents-batch+json");

        Assert.Equal((413, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.Equal(404, (await _node.GetAsync("channels/a/events")).Status);
    }

    [Theory]
    [InlineData(64 * 1024, 201)]
    [InlineData((64 * 1024) + 1, 413)]
    public async Task Publish_BodyAtTheLimit_IsHeldToIt(int bytes, int status)
    {
        var batch = $"[{string.Join(',', Enumerable.Repeat(CloudEvent, 100))}]".PadRight(bytes);

        Assert.Equal(status, (await _node.PostAsync("channels/a/events", batch, "application/cloudevents-batch+json")).Status);
        Assert.Equal(201, (await _node.PublishLinesAsync("a", [.. Enumerable.Repeat(CloudEvent, 1000)])).Status);
    }

    [Fact]
    public async Task Publish_EventsOfABatchAtTheLimit_AreHeldToIt()
    {
        await using var node = await TestNode.StartAsync();
        var events = Enumerable.Repeat("""{"specversion":"1.0","id":"1","source":"/t","type":"t"}""", 100_000).ToArray();

        var taken = await node.PostAsync("channels/a/events", $"[{string.Join(',', events)}]", "application/cloudevents-batch+json");
        var refused = await node.PostAsync("channels/b/events", $"[{string.Join(',', [.. events, events[0]])}]", "application/cloudevents-batch+json");

        Assert.Equal((201, 100_000), (taken.Status, taken.Json.GetProperty("count").GetInt32()));
        Assert.Equal(400, refused.Status);
        Assert.Equal(404, (await node.GetAsync("channels/b")).Status);
    }

    [Theory]
    [InlineData("application/cloudevents+json", "{\"specversion\":\"1.0\",", 400)]
    [InlineData("application/cloudevents+json", "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/t\"}", 400)]
    [InlineData("application/cloudevents-batch+json", "{}", 400)]
    [InlineData("application/cloudevents-batch+json", "[{}]", 400)]
    [InlineData("application/vnd.tattletail.event+json", "{\"bdoy\":\"x\"}", 400)]
    [InlineData("application/json", "{}", 415)]
    [InlineData(null, "{}", 415)]
    public async Task Publish_WhatIsNoEvent_IsRefusedAndNothingRecorded(string? type, string body, int status)
    {
        var answer = await _node.PostAsync("channels/a/events", body, type);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
        Assert.NotEmpty(answer.Json.GetProperty("whatToDo").GetString()!);
        Assert.Equal(404, (await _node.GetAsync("channels/a/events")).Status);
    }

    [Fact]
    public async Task Publish_ToAWrongPlace_IsRefused()
    {
        Assert.Equal(400, (await _node.PostAsync("channels/a%20b/events", CloudEvent, "application/cloudevents+json")).Status);
        Assert.Equal(400, (await _node.PostAsync($"channels/{new string('a', 250)}/events", CloudEvent, "application/cloudevents+json")).Status);
        Assert.Equal(201, (await _node.PostAsync($"channels/{new string('a', 249)}/events", CloudEvent, "application/cloudevents+json")).Status);
        Assert.Equal(400, (await _node.PostAsync("channels/a/events?partition=4", CloudEvent, "application/cloudevents+json")).Status);
        Assert.Equal(409, (await _node.PostAsync("channels/_tattletail.x/events", CloudEvent, "application/cloudevents+json")).Status);
    }
}
