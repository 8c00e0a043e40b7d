using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;
using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Http.Channels;

/// <summary><c>GET /channels</c>, <c>GET /channels/{channel}</c>, <c>POST /channels/{channel}</c>.</summary>
internal sealed class ChannelEndpoints(ApiContext api)
{
    private const int MaxBodyBytes = 64 * 1024;

    public async Task ListAsync(HttpContext context)
    {
        var closed = context.Request.Query.TryGetValue("closed", out var text) && text == "true";
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("channels");
        var channels = api.Log.Channels.Where(c => closed || !c.IsClosed).OrderBy(c => c.Name, StringComparer.Ordinal).ThenBy(c => c.Incarnation);
        foreach (var channel in channels.ToList())
        {
            ChannelAnswer.Write(json, channel, await ChannelFigures.OfAsync(api.Log, channel, api.Clock, context.RequestAborted));
            await json.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task ShowAsync(HttpContext context, string channel)
    {
        TargetChannel.CheckName(channel);
        await AnswerAsync(context, api.Log.Find(channel) ?? throw ProblemException.NoChannel(channel, "GET /channels lists the channels"));
    }

    public async Task CreateAsync(HttpContext context, string channel)
    {
        TargetChannel.CheckName(channel);
        using var share = api.Memory.Take();
        var partitions = Partitions(await WholeBody.ReadAsync(context, MaxBodyBytes, share)) ?? api.Config.DefaultPartitions;
        var created = await api.Log.CreateChannelAsync(channel, partitions);
        HttpEvents.ChannelCreated(api.Logger, channel, partitions);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers.Location = $"/channels/{channel}";
        await AnswerAsync(context, created);
    }

    private static int? Partitions(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(body);
            var unknown = json.RootElement.EnumerateObject().FirstOrDefault(p => p.Name != "partitions").Name;
            if (unknown is not null)
            {
                throw new ProblemException(400, "Not a channel", $"there is no '{unknown}' of a channel", "send {\"partitions\":3}");
            }

            return json.RootElement.TryGetProperty("partitions", out var partitions) ? partitions.GetInt32() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ProblemException(400, "Not a channel", e.Message, "send {\"partitions\":3}, or no body", e);
        }
    }

    private async ValueTask AnswerAsync(HttpContext context, Channel channel)
    {
        var figures = await ChannelFigures.OfAsync(api.Log, channel, api.Clock, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        ChannelAnswer.Write(json, channel, figures);
    }
}
