using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Makes an event of an input line: a CloudEvent or an envelope, whichever it is, or with <c>raw</c> the line itself as the body. Checks it here, so that the line that is wrong has
/// a number and those before it are published.
/// </summary>
internal sealed class LineParser
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly bool _raw;
    private readonly KeyField? _key;
    private readonly TimeProvider _clock;

    /// <summary>How lines are read.</summary>
    public LineParser(bool raw, KeyField? key, TimeProvider clock)
    {
        _raw = raw;
        _key = key;
        _clock = clock;
    }

    /// <summary>The event of a line; a <see cref="LineException"/> says why it is none.</summary>
    public OutgoingEvent Parse(InputLine line)
    {
        try
        {
            return _raw ? Raw(line) : Json(line);
        }
        catch (Exception fault) when (fault is JsonException or InvalidEventException or KeyNotFoundException)
        {
            throw new LineException(line.Number, Describe(fault));
        }
    }

    private static string Describe(Exception fault) => fault switch
    {
        JsonException json => $"invalid JSON at byte {json.BytePositionInLine}",
        _ => fault.Message,
    };

    private OutgoingEvent Raw(InputLine line) =>
        Enveloped(line.Number, new Event(Now, _key?.Of(line.Bytes), [], line.Bytes));

    private OutgoingEvent Json(InputLine line)
    {
        var isEnvelope = EventEnvelope.IsEnvelope(line.Bytes.Span);
        var recorded = isEnvelope ? EventEnvelope.Read(line.Bytes, Now) : CloudEventCodec.FromStructured(line.Bytes, Now);
        if (_key is not null)
        {
            return Enveloped(line.Number, recorded with { Key = _key.Of(line.Bytes) });
        }

        return new OutgoingEvent(line.Number, isEnvelope ? OutgoingForm.Envelope : OutgoingForm.CloudEvent, line.Bytes);
    }

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static OutgoingEvent Enveloped(long line, Event outgoing)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + (outgoing.Body?.Length ?? 0) * 2);
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            EventEnvelope.Write(writer, new RecordedEvent("", 1, 0, 0, TimestampType.CreateTime, 0, outgoing));
        }

        return new OutgoingEvent(line, OutgoingForm.Envelope, buffer.WrittenMemory);
    }
}
