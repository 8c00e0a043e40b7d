using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace TattleTail.Cli.Nodes;

/// <summary>A node's HTTP API (docs/http-api.md). What it refuses, and that it can't be reached, is a <see cref="CommandException"/>.</summary>
internal sealed class NodeApi : IDisposable
{
    private readonly HttpClient _http;

    /// <summary>Talks through a client, which it owns.</summary>
    public NodeApi(HttpClient http) => _http = http;

    /// <summary>Sends a request and gives the answer's head as soon as it is there; a refusal throws.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, CancellationToken cancel)
    {
        var response = await TrySendAsync(method, path, null, cancel);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw (await ProblemAsync(response, cancel)).ToException();
        }
    }

    /// <summary>Publishes lines; gives null, or what the node had against them.</summary>
    public async Task<NodeProblem?> PublishAsync(string path, HttpContent lines, CancellationToken cancel)
    {
        lines.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await TrySendAsync(HttpMethod.Post, path, lines, cancel);
        return response.IsSuccessStatusCode ? null : await ProblemAsync(response, cancel);
    }

    /// <summary>The answer's body, which breaks off with a <see cref="CommandException"/> when the node ends it early.</summary>
    public async Task<Stream> BodyAsync(HttpResponseMessage response, CancellationToken cancel) =>
        new AnswerStream(await response.Content.ReadAsStreamAsync(cancel), _http.BaseAddress!);

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> TrySendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        }
        catch (HttpRequestException fault)
        {
            if (fault.InnerException is System.Security.Authentication.AuthenticationException distrust)
            {
                throw new CommandException(ExitCode.Unreachable, $"the node at {_http.BaseAddress} shows a certificate that is not trusted ({distrust.Message}): name the authority that issued it with --ca FILE", fault);
            }

            var reason = fault.InnerException is System.Net.Sockets.SocketException socket ? socket.Message : fault.Message;
            throw new CommandException(ExitCode.Unreachable, $"the node at {_http.BaseAddress} can't be reached ({reason}): is it running? 'tattletail up' starts one, --server names another", fault);
        }
    }

    private static async Task<NodeProblem> ProblemAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        try
        {
            return (JsonSerializer.Deserialize<NodeProblem>(text, JsonSerializerOptions.Web) ?? NodeProblem.Unknown) with { Status = response.StatusCode };
        }
        catch (JsonException)
        {
            return NodeProblem.Unknown with { Status = response.StatusCode, Title = $"{(int)response.StatusCode} {response.ReasonPhrase}" };
        }
    }
}

/// <summary>What a node has against a request (RFC 9457).</summary>
internal sealed record NodeProblem(string? Title, string? Detail, string? WhatToDo, long? Line, long? Accepted)
{
    /// <summary>An answer that says nothing we understand.</summary>
    public static NodeProblem Unknown { get; } = new("the node gave no reason", null, "is this address a TattleTail node?", null, null);

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status { get; init; }

    /// <summary>In one line; <paramref name="detail"/> takes the place of the node's own words.</summary>
    public CommandException ToException(string? detail = null)
    {
        var what = detail ?? Detail ?? Title;
        return new CommandException(
            Status is HttpStatusCode.BadRequest or HttpStatusCode.NotAcceptable && Line is null ? ExitCode.Usage : ExitCode.Failed,
            WhatToDo is null ? $"{what}" : $"{what}: {WhatToDo}");
    }
}
