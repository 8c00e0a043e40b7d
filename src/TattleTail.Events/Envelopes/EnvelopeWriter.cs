using System.Text.Json;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Events.Envelopes;

/// <summary>Writes envelopes.</summary>
internal static class EnvelopeWriter
{
    public static void Write(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        writer.WriteStartObject();
        writer.WriteString("channel"u8, recorded.Channel);
        writer.WriteNumber("incarnation"u8, recorded.Incarnation);
        writer.WriteNumber("partition"u8, recorded.Partition);
        EnvelopeNumber.Write(writer, "offset"u8, recorded.Offset);
        EnvelopeNumber.Write(writer, "timestamp"u8, recorded.Event.Timestamp);
        if (Rfc3339.OfMillis(recorded.Event.Timestamp) is { } time)
        {
            writer.WriteString("time"u8, time);
        }

        writer.WriteString("timestampType"u8, recorded.TimestampType == TimestampType.LogAppendTime ? "recorder"u8 : "sender"u8);
        if (Rfc3339.OfMicros(recorded.RecordedAtMicros) is { } recordedAt)
        {
            writer.WriteString("recordedAt"u8, recordedAt);
        }

        writer.WritePropertyName("key"u8);
        EnvelopeBytes.Write(writer, recorded.Event.Key);
        writer.WriteStartArray("headers"u8);
        foreach (var header in recorded.Event.Headers)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(header.Key);
            EnvelopeBytes.Write(writer, header.Value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WritePropertyName("body"u8);
        EnvelopeBytes.Write(writer, recorded.Event.Body);
        writer.WriteEndObject();
    }
}
