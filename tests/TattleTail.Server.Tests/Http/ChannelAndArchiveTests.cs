namespace TattleTail.Server.Tests.Http;

public sealed class ChannelAndArchiveTests : IAsyncLifetime
{
    private TestNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await TestNode.StartAsync(c => c with { AutoCreateChannels = false });

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Create_ThenPublish_ShowsItsFigures()
    {
        Assert.Equal(404, (await _node.PublishLinesAsync("a", "{\"body\":\"x\"}")).Status);
        var created = await _node.PostAsync("channels/a", "{\"partitions\":3}");
        Assert.Equal((201, 3), (created.Status, created.Json.GetProperty("partitions").GetArrayLength()));
        Assert.Equal(201, (await _node.PublishLinesAsync("a", "{\"timestamp\":2000,\"body\":\"x\"}", "{\"timestamp\":1000,\"body\":\"y\"}")).Status);

        var before = (await _node.GetAsync("channels/a")).Json;
        await _node.PostAsync("archive/seal?channel=a");
        var after = Assert.Single((await _node.GetAsync("channels")).Json.GetProperty("channels").EnumerateArray());

        Assert.Equal((2, 2, 0), (before.GetProperty("events").GetInt32(), before.GetProperty("journalEvents").GetInt32(), before.GetProperty("sealedEvents").GetInt32()));
        Assert.Equal(("1970-01-01T00:00:02.000Z", "1970-01-01T00:00:02.000Z"), (before.GetProperty("firstTime").GetString(), before.GetProperty("lastTime").GetString()));
        Assert.True(before.GetProperty("oldestUnsealedSeconds").GetDouble() >= 0);
        Assert.Equal((2, 0, 2, 1), (after.GetProperty("events").GetInt32(), after.GetProperty("journalEvents").GetInt32(), after.GetProperty("sealedEvents").GetInt32(), after.GetProperty("sealedFiles").GetInt32()));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, after.GetProperty("oldestUnsealedSeconds").ValueKind);
    }

    [Theory]
    [InlineData("a", "{\"partitions\":0}", 400)]
    [InlineData("a", "{\"partitions\":\"two\"}", 400)]
    [InlineData("a", "{\"partition\":2}", 400)]
    [InlineData("a", "{", 400)]
    [InlineData("a", "[]", 400)]
    [InlineData("a%20b", null, 400)]
    [InlineData("_tattletail.x", null, 409)]
    [InlineData("exists", null, 409)]
    public async Task Create_WhatCannotBe_IsRefused(string name, string? body, int status)
    {
        Assert.Equal(201, (await _node.PostAsync("channels/exists")).Status);

        var answer = await _node.PostAsync($"channels/{name}", body);

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer.Headers["Content-Type"]));
    }

    [Fact]
    public async Task Archive_SealListVerify_NameEachFile()
    {
        await _node.PostAsync("channels/a");
        await _node.PostAsync("channels/b");
        await _node.PublishLinesAsync("a", "{\"body\":\"1\"}", "{\"body\":\"2\"}");
        await _node.PublishLinesAsync("b", "{\"body\":\"3\"}");

        var sealedNow = (await _node.PostAsync("archive/seal")).Json;
        var files = (await _node.GetAsync("archive/files")).Lines;
        var ofB = (await _node.GetAsync("archive/files?channel=b")).Lines;
        var verified = (await _node.PostAsync("archive/verify")).Lines;

        Assert.Equal((2, 3), (sealedNow.GetProperty("files").GetInt32(), sealedNow.GetProperty("events").GetInt32()));
        Assert.Equal(["a", "b"], files.Select(f => f.GetProperty("channel").GetString()));
        Assert.Equal("b", Assert.Single(ofB).GetProperty("channel").GetString());
        Assert.Equal([1, 2], verified.SkipLast(1).Select(v => v.GetProperty("done").GetInt32()));
        Assert.All(verified.SkipLast(1), v => Assert.Equal(0, v.GetProperty("faults").GetArrayLength()));
        Assert.Equal((2, 3, 0), (verified[^1].GetProperty("files").GetInt32(), verified[^1].GetProperty("events").GetInt32(), verified[^1].GetProperty("faults").GetInt32()));
        Assert.Empty((await _node.PostAsync("archive/verify?from=2999-01-01")).Lines.SkipLast(1));
        Assert.Equal(404, (await _node.GetAsync("archive/files?channel=absent")).Status);
        Assert.Equal(400, (await _node.PostAsync("archive/verify?from=7")).Status);
    }

    [Fact]
    public async Task Verify_DamagedFile_IsNamedAndTheRestServed()
    {
        await _node.PostAsync("channels/a");
        await _node.PostAsync("channels/b");
        await _node.PublishLinesAsync("a", "{\"body\":\"1\"}");
        await _node.PublishLinesAsync("b", "{\"body\":\"2\"}");
        await _node.PostAsync("archive/seal");
        var path = (await _node.GetAsync("archive/files?channel=a")).Lines[0].GetProperty("path").GetString()!;
        var file = Path.Combine(_node.Config.ArchiveFolder, path);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[bytes.Length / 2] ^= 0x40;
        await File.WriteAllBytesAsync(file, bytes);

        var verified = (await _node.PostAsync("archive/verify")).Lines;

        Assert.NotEqual(0, verified.Single(v => v.TryGetProperty("path", out var p) && p.GetString() == path).GetProperty("faults").GetArrayLength());
        Assert.True(verified[^1].GetProperty("faults").GetInt32() > 0);
        Assert.Equal(["2"], (await _node.GetAsync("channels/b/events")).Bodies);
    }

    [Theory]
    [InlineData(0, "1 of the offsets 0 to 0")]
    [InlineData(1, "2 of the offsets 1 to 2")]
    [InlineData(2, "3 of the offsets 3 to 5")]
    public async Task Verify_FileGoneFromTheTable_NamesTheOffsets(int lost, string expected)
    {
        await _node.PostAsync("channels/a");
        for (var files = 0; files < 3; files++)
        {
            await _node.PublishLinesAsync("a", [.. Enumerable.Repeat("{\"body\":\"x\"}", files + 1)]);
            await _node.PostAsync("archive/seal");
        }

        Assert.Equal(0, (await _node.PostAsync("archive/verify")).Lines[^1].GetProperty("faults").GetInt32());
        await _node.Node.StopAsync();
        var commit = Path.Combine(_node.Config.ArchiveFolder, "_delta_log", $"{lost + 1:D20}.json");
        await File.WriteAllLinesAsync(commit, (await File.ReadAllLinesAsync(commit)).Where(line => !line.StartsWith("{\"add\"", StringComparison.Ordinal)));
        await _node.RestartAsync();

        var verified = (await _node.PostAsync("archive/verify")).Lines;

        var fault = Assert.Single(verified.SelectMany(v => v.TryGetProperty("path", out _) ? v.GetProperty("faults").EnumerateArray().ToArray() : []));
        Assert.Contains(expected, fault.GetString(), StringComparison.Ordinal);
    }
}
