using System.Text.Json;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Envelopes;

/// <summary>Reads envelopes. Throws <see cref="InvalidEventException"/> on what is none, and what the JSON reader throws on broken JSON.</summary>
internal static class EnvelopeReader
{
    private static readonly string[] Members =
        ["channel", "incarnation", "partition", "offset", "timestamp", "time", "timestampType", "recordedAt", "key", "headers", "body"];

    public static Event Read(Utf8JsonReader reader, long receivedAtMillis)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidEventException("an event is a JSON object");
        }

        long? timestamp = null, time = null;
        ReadOnlyMemory<byte>? key = null, body = null;
        IReadOnlyList<EventHeader> headers = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            Admit(name, seen);
            reader.Read();
            switch (name)
            {
                case "timestamp":
                    timestamp = EnvelopeNumber.TryRead(ref reader, out var millis) ? millis : throw new InvalidEventException("timestamp must be a whole number of 64 bits");
                    break;
                case "time":
                    time = Time(ref reader);
                    break;
                case "key":
                    key = EnvelopeBytes.Read(ref reader, "key");
                    break;
                case "headers":
                    headers = Headers(ref reader);
                    break;
                case "body":
                    body = EnvelopeBytes.Read(ref reader, "body");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        // What follows the object is a fault that only the next read tells.
        reader.Read();
        return seen.Contains("body")
            ? new Event(timestamp ?? time ?? receivedAtMillis, key, headers, body)
            : throw new InvalidEventException("an event's envelope needs a body, which may be null");
    }

    private static void Admit(string name, HashSet<string> seen)
    {
        if (!Members.Contains(name, StringComparer.Ordinal))
        {
            throw new InvalidEventException($"an event's envelope has no member '{name}': it has {string.Join(", ", Members)}; a CloudEvent has specversion");
        }

        if (!seen.Add(name))
        {
            throw new InvalidEventException($"the member '{name}' stands there twice");
        }
    }

    private static long Time(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return text is not null && Rfc3339.TryParse(text, out var millis) ? millis : throw new InvalidEventException("time must be of the form \"2024-05-31T23:59:59.999Z\"");
    }

    private static List<EventHeader> Headers(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new InvalidEventException("headers must be an array of pairs [name, value]");
        }

        var headers = new List<EventHeader>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String)
            {
                throw new InvalidEventException("a header must be a pair [name, value]");
            }

            var name = reader.GetString()!;
            reader.Read();
            headers.Add(new EventHeader(name, EnvelopeBytes.Read(ref reader, $"the value of header '{name}'")));
            if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray)
            {
                throw new InvalidEventException("a header must be a pair [name, value]");
            }
        }

        return headers;
    }
}
