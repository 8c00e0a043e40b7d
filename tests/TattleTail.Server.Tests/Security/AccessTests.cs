using System.Net.Http.Headers;
using System.Text;
using TattleTail.Access;
using TattleTail.Server.Hosting;
using TattleTail.Tests;

namespace TattleTail.Server.Tests.Security;

public sealed class AccessTests : IAsyncLifetime
{
    private const string Event = """{"specversion":"1.0","id":"1","source":"/t","type":"t","data":"hi"}""";

    private readonly TemporaryFolder _folder = new();
    private TestNode _node = null!;

    public async ValueTask InitializeAsync()
    {
        string path = Path.Combine(_folder.Path, "users.json");
        File.WriteAllText(path, UsersFile.Write([TestUser.Make("alice", "pw-a", ["orders.*"], ["inbox"]), TestUser.Make("root", "pw-r", ["*"], ["*"])]));
        _node = await TestNode.StartAsync(c => c with { Users = path });
        As("root", "pw-r");
        foreach (string channel in (string[])["orders.eu", "secret", "inbox"])
        {
            Assert.Equal(201, (await _node.PostAsync($"channels/{channel}/events", Event, "application/cloudevents+json")).Status);
        }

        await _node.PostAsync("archive/seal");
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Request_OfNobody_Is401_ButHealthAndMetricsAnswer()
    {
        _node.Http.DefaultRequestHeaders.Authorization = null;

        Answer answer = await _node.GetAsync("channels");

        Assert.Equal((401, "Basic realm=\"TattleTail\", charset=\"UTF-8\""), (answer.Status, answer.Headers["WWW-Authenticate"]));
        foreach (string open in (string[])["health/live", "health/ready", "metrics", ""])
        {
            Assert.Equal(200, (await _node.GetAsync(open)).Status);
        }
    }

    [Theory]
    [InlineData("alice", "wrong")]
    [InlineData("nobody", "wrong")]
    public async Task Request_WithAWrongPasswordOrName_Is401AfterAWhile(string name, string password)
    {
        As(name, password);
        long started = TimeProvider.System.GetTimestamp();

        Answer answer = await _node.GetAsync("channels");

        Assert.Equal(401, answer.Status);
        Assert.Contains("the name or the password is wrong", answer.Body, StringComparison.Ordinal);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.95));
        Assert.Contains($"Login as {name} failed via http", _node.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_SeesReadsAndWritesWhatItMay()
    {
        As("alice", "pw-a");

        Assert.Equal(["inbox", "orders.eu"], (await _node.GetAsync("channels")).Json.GetProperty("channels").EnumerateArray().Select(c => c.GetProperty("name").GetString()));
        Assert.Single((await _node.GetAsync("channels/orders.eu/events")).Lines);
        Assert.Equal(201, (await _node.PostAsync("channels/inbox/events", Event.Replace("\"1\"", "\"2\"", StringComparison.Ordinal), "application/cloudevents+json")).Status);
        Assert.Equal(200, (await _node.GetAsync("channels/inbox")).Status);
        Assert.Equal(["orders.eu"], (await _node.GetAsync("archive/files")).Lines.Select(f => f.GetProperty("channel").GetString()));
        Assert.Contains("alice reads orders.eu via http", _node.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("never-made")]
    public async Task User_BeyondItsPatterns_LearnsNothing(string channel)
    {
        As("alice", "pw-a");

        Answer read = await _node.GetAsync($"channels/{channel}/events");
        Assert.Equal((404, $"there is no channel '{channel}'"), (read.Status, read.Json.GetProperty("detail").GetString()));
        Assert.Equal(404, (await _node.GetAsync($"channels/{channel}")).Status);
        Assert.Equal(404, (await _node.GetAsync($"archive/files?channel={channel}")).Status);
        Assert.Equal(403, (await _node.PostAsync($"channels/{channel}/events", Event, "application/cloudevents+json")).Status);
        Assert.Equal(403, (await _node.PostAsync($"channels/{channel}")).Status);
        Assert.Contains($"Refused alice to read {channel} via http", _node.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Refused alice to write {channel} via http", _node.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_WhoMayNotWriteAll_SealsNotAll()
    {
        As("alice", "pw-a");

        Assert.Equal(403, (await _node.PostAsync("archive/seal")).Status);
        Assert.Equal(200, (await _node.PostAsync("archive/seal?channel=inbox")).Status);
        Assert.Equal(404, (await _node.GetAsync("channels/inbox/events")).Status);
    }

    [Theory]
    [InlineData("no such file", null)]
    [InlineData("no users file", "[]")]
    public async Task Start_WithoutUsersThatCanBeRead_IsRefused(string what, string? text)
    {
        Assert.NotEmpty(what);
        string path = Path.Combine(_folder.Path, "other.json");
        if (text is not null)
        {
            File.WriteAllText(path, text);
        }

        StartException refused = await Assert.ThrowsAsync<StartException>(async () => await TestNode.StartAsync(c => c with { Users = path }));

        Assert.Equal(StartFault.Configuration, refused.Fault);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    private void As(string name, string password) =>
        _node.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}")));
}
