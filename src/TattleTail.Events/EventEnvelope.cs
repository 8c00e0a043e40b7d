using System.Text.Json;
using System.Text.Unicode;
using TattleTail.Events.Envelopes;
using TattleTail.Events.Json;

namespace TattleTail.Events;

/// <summary>
/// The one JSON form of an event, for the command line and HTTP: headers as ordered pairs, key, values and body as text when valid UTF-8, else base64; null ≠ empty. Reading and
/// publishing it again loses nothing. Layout in docs/formats/events.md. Throws <see cref="InvalidEventException"/>.
/// </summary>
public static class EventEnvelope
{
    /// <summary>Writes one envelope as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recorded);
        EnvelopeWriter.Write(writer, recorded);
    }

    /// <summary>
    /// Reads an envelope's event; where it lay is ignored, a missing timestamp is its <c>time</c>, else <paramref name="receivedAtMillis"/>. An unknown member is refused: whoever mistypes
    /// <c>headers</c> must not lose them.
    /// </summary>
    public static Event Read(ReadOnlyMemory<byte> json, long receivedAtMillis)
    {
        if (!Utf8.IsValid(json.Span))
        {
            throw new InvalidEventException("the JSON of an envelope must be UTF-8");
        }

        try
        {
            return EnvelopeReader.Read(new Utf8JsonReader(json.Span), receivedAtMillis);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw JsonFault.Describe(fault);
        }
    }

    /// <summary>Tells whether a JSON object is an envelope rather than a CloudEvent (it has no <c>specversion</c>). What is no JSON is left to <see cref="Read"/> to describe.</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CloudEvents.CloudEventJson.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return true;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("specversion"u8))
                {
                    return false;
                }

                reader.Skip();
            }
        }
        catch (JsonException)
        {
            return true;
        }

        return true;
    }
}
