using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TattleTail.Archive;
using TattleTail.Log;
using TattleTail.Server.Http.Access;
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
        foreach (var figures in api.Log.ChannelFigures.Where(f => (closed || !f.Channel.IsClosed) && context.Visit().Principal.MaySee(f.Channel.Name)).OrderBy(f => f.Channel.Name, StringComparer.Ordinal).ThenBy(f => f.Channel.Incarnation))
        {
            ChannelAnswer.Write(json, figures, Files(figures.Channel.Name));
            await json.FlushAsync(context.RequestAborted);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public async Task ShowAsync(HttpContext context, string channel)
    {
        TargetChannel.CheckName(channel);
        if (!context.Visit().MaySee(channel))
        {
            throw ProblemException.NoChannel(channel, "GET /channels lists the channels");
        }

        await AnswerAsync(context, api.Log.Find(channel) ?? throw ProblemException.NoChannel(channel, "GET /channels lists the channels"));
    }

    public async Task CreateAsync(HttpContext context, string channel)
    {
        TargetChannel.CheckName(channel);
        context.RequireWrite(channel);
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
            var unknown = json.RootElement.EnumerateObject().Select(p => p.Name).FirstOrDefault(n => n != "partitions");
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
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        ChannelAnswer.Write(json, api.Log.ChannelFigures.Single(f => f.Channel.TopicId == channel.TopicId), Files(channel.Name));
    }

    private IReadOnlyList<ArchiveFile> Files(string channel) => api.Log.Archive?.Files(channel) ?? [];
}
