using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using TattleTail.Events;
using TattleTail.Server.Http;

namespace TattleTail.Server.Sample;

/// <summary>What the sample needs of a node's HTTP API. Throws <see cref="HttpRequestException"/> with the node's own words.</summary>
internal sealed class NodeClient : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Talks through a client, which it owns and gives a time limit.</summary>
    public NodeClient(HttpClient http)
    {
        _http = http;
        _http.Timeout = TimeSpan.FromMinutes(5);
    }

    /// <summary>Publishes lines to a channel.</summary>
    public async Task PublishAsync(string channel, IReadOnlyList<byte[]> lines, CancellationToken cancel)
    {
        using var body = new MemoryStream();
        foreach (var line in lines)
        {
            body.Write(line);
            body.WriteByte((byte)'\n');
        }

        using var content = new ByteArrayContent(body.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypes.Ndjson);
        using var response = await _http.PostAsync(new Uri($"channels/{channel}/events", UriKind.Relative), content, cancel);
        await CheckAsync(response, cancel);
    }

    /// <summary>The bodies of all events of a channel; none when there is no such channel.</summary>
    public async Task<BodyCounts> ReadBodiesAsync(string channel, CancellationToken cancel)
    {
        var bodies = new BodyCounts();
        using var response = await _http.GetAsync(new Uri($"channels/{channel}/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return bodies;
        }

        await CheckAsync(response, cancel);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancel));
        while (await lines.ReadLineAsync(cancel) is { } line)
        {
            if (EventEnvelope.Read(System.Text.Encoding.UTF8.GetBytes(line), 0).Body is { } body)
            {
                bodies.Add(body.Span);
            }
        }

        return bodies;
    }

    /// <summary>Seals all that is durable.</summary>
    public async Task SealAsync(CancellationToken cancel)
    {
        using var response = await _http.PostAsync(new Uri("archive/seal", UriKind.Relative), null, cancel);
        await CheckAsync(response, cancel);
    }

    /// <summary>Channel and size of each archived file.</summary>
    public async Task<IReadOnlyList<(string Channel, long Bytes)>> FilesAsync(CancellationToken cancel)
    {
        using var response = await _http.GetAsync(new Uri("archive/files", UriKind.Relative), cancel);
        await CheckAsync(response, cancel);
        var files = new List<(string, long)>();
        foreach (var line in (await response.Content.ReadAsStringAsync(cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            files.Add((json.RootElement.GetProperty("channel").GetString()!, json.RootElement.GetProperty("bytes").GetInt64()));
        }

        return files;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static async ValueTask CheckAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (!response.IsSuccessStatusCode)
        {
            var problem = await response.Content.ReadAsStringAsync(cancel);
            throw new HttpRequestException($"the node answered {(int)response.StatusCode} to {response.RequestMessage?.RequestUri}: {problem}", null, response.StatusCode);
        }
    }
}
