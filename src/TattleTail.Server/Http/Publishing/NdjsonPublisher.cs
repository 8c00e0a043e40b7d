using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;
using TattleTail.Log;
using TattleTail.Server.Http.Problems;

namespace TattleTail.Server.Http.Publishing;

/// <summary>
/// Publishes a stream of lines as they come, each a CloudEvent or an envelope. Holds one line and one group of events. What came is durable whenever the stream pauses, and when it ends, also by a bad line.
/// </summary>
internal sealed class NdjsonPublisher(ApiContext api, EventAppender appender, BodyMemory.Share share)
{
    private long _line;

    public async Task RunAsync(HttpContext context)
    {
        Unlimit(context);
        var reader = context.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(context.RequestAborted);
            var consumed = result.Buffer.End;
            try
            {
                share.Resize(result.Buffer.Length);
                var rest = await PublishLinesAsync(result.Buffer);
                await PublishRestAsync(result.Buffer.Slice(rest), result.IsCompleted);
                consumed = result.IsCompleted ? consumed : rest;
            }
            finally
            {
                reader.AdvanceTo(consumed, result.Buffer.End);
            }

            if (result.IsCompleted)
            {
                return;
            }
        }
    }

    private async ValueTask PublishRestAsync(ReadOnlySequence<byte> rest, bool isLast)
    {
        if (rest.Length > api.Config.MaxEventBytes)
        {
            throw await FailedAsync(TooLarge(), _line + 1);
        }

        if (isLast && !rest.IsEmpty)
        {
            await PublishLineAsync(rest);
        }

        await FlushAsync();
    }

    /// <summary>A stream may be as long and as slow as it likes: it holds no more than a line.</summary>
    private static void Unlimit(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    private async ValueTask<SequencePosition> PublishLinesAsync(ReadOnlySequence<byte> buffer)
    {
        var rest = buffer;
        while (rest.PositionOf((byte)'\n') is { } end)
        {
            await PublishLineAsync(rest.Slice(0, end));
            rest = rest.Slice(rest.GetPosition(1, end));
        }

        return rest.Start;
    }

    private async ValueTask PublishLineAsync(ReadOnlySequence<byte> line)
    {
        _line++;
        try
        {
            if (line.Length > api.Config.MaxEventBytes)
            {
                throw TooLarge();
            }

            // The event keeps the line's bytes until it is durable, and the buffer goes on before.
            var json = Trimmed(line.ToArray());
            if (!json.IsEmpty)
            {
                await appender.AddAsync(EventEnvelope.IsEnvelope(json.Span) ? EventEnvelope.Read(json, api.NowMillis) : CloudEventCodec.FromStructured(json, api.NowMillis));
            }
        }
        catch (Exception e) when (e is InvalidEventException or ProblemException or LogUnavailableException)
        {
            throw await FailedAsync(e, _line);
        }
    }

    private async ValueTask FlushAsync()
    {
        try
        {
            await appender.FlushAsync();
        }
        catch (Exception e) when (e is ProblemException or LogUnavailableException)
        {
            throw Problems.Problems.Of(e)!.AtLine(_line, appender.Count);
        }
    }

    /// <summary>The problem of a line, once the good lines before it are durable.</summary>
    private async ValueTask<ProblemException> FailedAsync(Exception e, long line)
    {
        await FlushAsync();
        return Problems.Problems.Of(e)!.AtLine(line, appender.Count);
    }

    private ProblemException TooLarge() =>
        new(413, "The event is too large", $"it has more than {api.Config.MaxEventBytes} bytes", "send a smaller event, or raise maxEventBytes");

    private static ReadOnlyMemory<byte> Trimmed(byte[] line)
    {
        var (from, to) = (0, line.Length);
        while (to > 0 && line[to - 1] is ((byte)'\r' or (byte)' ' or (byte)'\t'))
        {
            to--;
        }

        while (from < to && line[from] is ((byte)' ' or (byte)'\t'))
        {
            from++;
        }

        return line.AsMemory(from, to - from);
    }
}
