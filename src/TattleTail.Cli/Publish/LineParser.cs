using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Makes of an input line the line that is sent: a CloudEvent or an envelope as it stands, which the node checks; with <c>raw</c> or a key field an envelope made here.
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

    private long Now => _clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The line to send; a <see cref="LineException"/> says why there is none.</summary>
    public InputLine Parse(InputLine line)
    {
        try
        {
            return _raw ? Enveloped(line, new Event(Now, _key?.Of(line.Bytes), [], line.Bytes))
                : _key is null ? line
                : Enveloped(line, Read(line.Bytes) with { Key = _key.Of(line.Bytes) });
        }
        catch (JsonException fault)
        {
            throw new LineException(line.Number, $"invalid JSON at byte {fault.BytePositionInLine}");
        }
        catch (Exception fault) when (fault is InvalidEventException or KeyNotFoundException)
        {
            throw new LineException(line.Number, fault.Message);
        }
    }

    private Event Read(ReadOnlyMemory<byte> json) =>
        EventEnvelope.IsEnvelope(json.Span) ? EventEnvelope.Read(json, Now) : CloudEventCodec.FromStructured(json, Now);

    private static InputLine Enveloped(InputLine line, Event outgoing)
    {
        var buffer = new ArrayBufferWriter<byte>(256 + ((outgoing.Body?.Length ?? 0) * 2));
        using (var writer = new Utf8JsonWriter(buffer, Relaxed))
        {
            EventEnvelope.Write(writer, new RecordedEvent("", 1, 0, 0, TimestampType.CreateTime, 0, outgoing));
        }

        return new InputLine(line.Number, buffer.WrittenMemory);
    }
}
