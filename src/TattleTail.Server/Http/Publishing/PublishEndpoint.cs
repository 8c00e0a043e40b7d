using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;
using TattleTail.Server.Http.Access;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary><c>POST /channels/{channel}/events</c>: what the body is, is told by its content type.</summary>
internal sealed class PublishEndpoint(ApiContext api)
{
    private const int MaxBatchEvents = 100_000;

    public async Task HandleAsync(HttpContext context, string channel)
    {
        var type = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var parsed) ? parsed.MediaType.Value?.ToLowerInvariant() : null;
        var kind = Kind(context.Request, type);
        TargetChannel.CheckName(channel);
        context.RequireWrite(channel);
        using var share = api.Memory.Take();
        var appender = new EventAppender(api, new TargetChannel(api, channel, context.Request));
        if (kind == MediaTypes.Ndjson)
        {
            await new NdjsonPublisher(api, appender, share).RunAsync(context);
            await AnswerAsync(context, appender, null);
        }
        else
        {
            await PublishWholeAsync(context, appender, kind, share);
        }
    }

    private async Task PublishWholeAsync(HttpContext context, EventAppender appender, string kind, BodyMemory.Share share)
    {
        var isBatch = kind == MediaTypes.CloudEventsBatch;
        var body = await WholeBody.ReadAsync(context, isBatch ? api.Config.HttpMaxBodyBytes : api.Config.MaxEventBytes, share);
        var (events, single) = Read(context.Request, kind, body);
        CheckSizes(events);
        if (single is { } name)
        {
            await PublishOnceAsync(context, appender, events[0], name);
            return;
        }

        foreach (var @event in events)
        {
            await appender.AddAsync(@event);
        }

        await appender.FlushAsync();
        await AnswerAsync(context, appender, isBatch ? null : appender.Places![0]);
    }

    /// <summary>The events of a body, and the name of a single CloudEvent.</summary>
    private (IReadOnlyList<Event> Events, UInt128? Name) Read(HttpRequest request, string kind, ReadOnlyMemory<byte> body)
    {
        switch (kind)
        {
            case MediaTypes.CloudEvent:
                var structured = CloudEventCodec.FromStructured(body, api.NowMillis, out var id);
                return ([structured], CloudEventName.Of(id));
            case MediaTypes.CloudEventsBatch:
                return (CloudEventCodec.FromBatch(body, api.NowMillis, MaxBatchEvents), null);
            case MediaTypes.Envelope:
                return ([EventEnvelope.Read(body, api.NowMillis)], null);
            default:
                var binary = CloudEventCodec.FromBinary(BinaryMode.Attributes(request), request.ContentType, body, api.NowMillis);
                return ([binary], CloudEventName.Of(binary));
        }
    }

    /// <summary>One CloudEvent: sent again within the window it is answered with its first place, and not recorded again.</summary>
    private async Task PublishOnceAsync(HttpContext context, EventAppender appender, Event @event, UInt128 name)
    {
        var channel = await appender.Target.OpenAsync();
        var (isRepeated, place) = await api.Recent.RecordOnceAsync(channel, name, RecordAsync, context.RequestAborted);
        await AnswerAsync(context, appender, place, isRepeated);

        async Task<(int, long)> RecordAsync()
        {
            await appender.AddAsync(@event);
            await appender.FlushAsync();
            return appender.Places![0];
        }
    }

    private static string Kind(HttpRequest request, string? type) => type switch
    {
        MediaTypes.CloudEvent or MediaTypes.CloudEventsBatch => type,
        _ when BinaryMode.Is(request) => "binary",
        MediaTypes.Envelope or MediaTypes.Ndjson => type,
        _ => throw new ProblemException(
            415,
            "Not a content type of events",
            type is null ? "the request has no content type and no ce-specversion header" : $"'{type}' is no content type of events, and the request has no ce-specversion header",
            $"send {MediaTypes.CloudEvent}, {MediaTypes.CloudEventsBatch}, {MediaTypes.Envelope} or {MediaTypes.Ndjson}, or add the ce-… headers of a CloudEvent"),
    };

    private void CheckSizes(IReadOnlyList<Event> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (events[i].Body is { } body && body.Length > api.Config.MaxEventBytes)
            {
                throw new ProblemException(413, "The event is too large", $"event {i + 1} of the batch has {body.Length} bytes, the limit is {api.Config.MaxEventBytes}", "send a smaller event, or raise maxEventBytes");
            }
        }
    }

    /// <param name="context">The request.</param>
    /// <param name="appender">What was recorded.</param>
    /// <param name="place">Where the one event is; null for many.</param>
    /// <param name="isRepeated">It was recorded before.</param>
    private static async Task AnswerAsync(HttpContext context, EventAppender appender, (int Partition, long Offset)? place, bool isRepeated = false)
    {
        var response = context.Response;
        response.StatusCode = isRepeated ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        response.ContentType = "application/json";
        if (place is { } single)
        {
            response.Headers.Location =
                $"/channels/{appender.Target.Name}/events?partition={single.Partition}&from={single.Offset}&limit=1&incarnation={appender.Target.Channel!.Incarnation}";
        }

        await using (var json = new Utf8JsonWriter(response.BodyWriter))
        {
            PublishAnswer.Write(json, appender, place, isRepeated);
        }

        await response.BodyWriter.FlushAsync();
    }
}
