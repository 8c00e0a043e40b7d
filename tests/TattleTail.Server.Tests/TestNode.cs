using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using TattleTail.Platform;
using TattleTail.Server.Configuration;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Tests;

/// <summary>A real node on free ports in a folder of its own.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    private TestNode()
    {
    }

    public Node Node { get; private set; } = null!;

    public HttpClient Http { get; } = new();

    public FaultyFiles Files { get; } = new(new OperatingSystemFiles());

    public StringWriter Log { get; } = new();

    public NodeConfig Config { get; private set; } = null!;

    public NodePorts Ports => new() { Files = Files, LogOutput = TextWriter.Synchronized(Log), Clock = Clock };

    private TimeProvider Clock { get; init; } = TimeProvider.System;

    public static async Task<TestNode> StartAsync(Func<NodeConfig, NodeConfig>? change = null, TimeProvider? clock = null)
    {
        var test = new TestNode { Clock = clock ?? TimeProvider.System };
        var config = new NodeConfig { DataFolder = Path.Combine(test._folder.Path, "data"), Kafka = new("127.0.0.1", 0), Http = new("127.0.0.1", 0), SegmentBytes = 1024 * 1024 };
        test.Config = change?.Invoke(config) ?? config;
        await test.RestartAsync();
        return test;
    }

    /// <summary>Stops the node when it runs and starts it anew in the same folder.</summary>
    public async Task RestartAsync()
    {
        if (Node is not null)
        {
            await Node.StopAsync();
        }

        Node = await Node.StartAsync(Config, Ports);
    }

    public Uri Url(string path) => new(Node.HttpAddress, path);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, string? type = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Url(path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(",", h.Value)));
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, null, headers);

    public Task<Answer> PostAsync(string path, string? body = null, string? type = null, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Post, path, body, type, headers);

    public Task<Answer> PublishLinesAsync(string channel, params string[] lines) => PostAsync($"channels/{channel}/events", string.Join('\n', lines), "application/x-ndjson");

    public async ValueTask DisposeAsync()
    {
        await Node.StopAsync();
        Http.Dispose();
        _folder.Dispose();
    }
}

/// <summary>What a node answered.</summary>
internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public IReadOnlyList<JsonElement> Lines => [.. Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    /// <summary>The bodies of the events of a read.</summary>
    public IReadOnlyList<string?> Bodies => [.. Lines.Select(l => l.GetProperty("body").GetString())];
}
