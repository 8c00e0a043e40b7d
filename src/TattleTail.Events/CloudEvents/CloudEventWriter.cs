using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using TattleTail.Events.Json;

namespace TattleTail.Events.CloudEvents;

/// <summary>Writes events as structured CloudEvents: those that are one by their content type as they are, those of binary mode from their headers, others with attributes made up.</summary>
internal static class CloudEventWriter
{
    private const string Prefix = "ce_";

    public static void Write(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        var contentType = ContentType(recorded.Event);
        var body = recorded.Event.Body.GetValueOrDefault().Span;
        if (MediaType.Is(contentType, "application/cloudevents+json"u8) && IsCloudEvent(body))
        {
            JsonText.WriteOnOneLine(writer, body);
            return;
        }

        writer.WriteStartObject();
        var attributes = Attributes(recorded.Event);
        if (attributes is not null)
        {
            foreach (var (name, value) in attributes)
            {
                writer.WriteString(name, value.Span);
            }
        }
        else
        {
            MakeUp(writer, recorded);
        }

        if (!contentType.IsEmpty && Utf8.IsValid(contentType))
        {
            writer.WriteString("datacontenttype"u8, contentType);
        }

        WriteBody(writer, contentType, recorded.Event.Body);
        writer.WriteEndObject();
    }

    private static bool IsCloudEvent(ReadOnlySpan<byte> json)
    {
        try
        {
            StructuredCloudEvent.Read(json);
            return JsonText.IsValue(json, CloudEventJson.MaxDepth);
        }
        catch (InvalidEventException)
        {
            // A producer of the Kafka protocol can call anything a CloudEvent; it is shown as the bytes that it is.
            return false;
        }
    }

    private static void MakeUp(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        var identity = EventIdentity.Of(recorded.Event);
        writer.WriteString("specversion"u8, "1.0"u8);
        writer.WriteString("id"u8, $"{recorded.Channel}/{recorded.Incarnation}/{recorded.Partition}/{recorded.Offset}");
        writer.WriteString("source"u8, $"/channels/{recorded.Channel}");
        writer.WriteString("type"u8, identity.EventType ?? "tattletail.event");
        if (Rfc3339.OfMillis(recorded.Event.Timestamp) is { } time)
        {
            writer.WriteString("time"u8, time);
        }

        if (recorded.Event.Key is { IsEmpty: false } key && Utf8.IsValid(key.Span))
        {
            writer.WriteString("partitionkey"u8, key.Span);
        }

        if (identity.CorrelationId is not null)
        {
            writer.WriteString("correlationid"u8, identity.CorrelationId);
        }

        if (identity.CausationId is not null)
        {
            writer.WriteString("causationid"u8, identity.CausationId);
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> contentType, ReadOnlyMemory<byte>? body)
    {
        if (body is not { } bytes)
        {
            return;
        }

        // The member of data is one level below the object. A data of null would read as no data.
        if ((contentType.IsEmpty || MediaType.IsJson(contentType)) && JsonText.IsValue(bytes.Span, CloudEventJson.MaxDepth - 1)
            && !bytes.Span.Trim(" \t\r\n"u8).SequenceEqual("null"u8))
        {
            writer.WritePropertyName("data"u8);
            JsonText.WriteOnOneLine(writer, bytes.Span);
        }
        else if (MediaType.IsText(contentType) && Utf8.IsValid(bytes.Span))
        {
            writer.WriteString("data"u8, bytes.Span);
        }
        else
        {
            writer.WriteBase64String("data_base64"u8, bytes.Span);
        }
    }

    /// <summary>The attributes of an event in binary mode, in order; null when it is no CloudEvent.</summary>
    private static List<(string Name, ReadOnlyMemory<byte> Value)>? Attributes(Event @event)
    {
        var attributes = new List<(string Name, ReadOnlyMemory<byte> Value)>();
        foreach (var header in @event.Headers)
        {
            if (header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && header.Value is { } value && Utf8.IsValid(value.Span))
            {
                var name = header.Key[Prefix.Length..].ToLowerInvariant();
                if (CloudEventAttributes.IsName(name) && name is not ("data" or "datacontenttype") && !attributes.Exists(a => a.Name == name))
                {
                    attributes.Add((name, value));
                }
            }
        }

        var isCloudEvent = Has("specversion", "1.0") && Has("id") && Has("source") && Has("type");
        return isCloudEvent ? attributes : null;

        bool Has(string name, string? exactly = null) => attributes.Exists(
            a => a.Name == name && !a.Value.IsEmpty && (exactly is null || a.Value.Span.SequenceEqual(Encoding.ASCII.GetBytes(exactly))));
    }

    private static ReadOnlySpan<byte> ContentType(Event @event)
    {
        foreach (var header in @event.Headers)
        {
            if (header.Key.Equals("content-type", StringComparison.OrdinalIgnoreCase))
            {
                return header.Value.GetValueOrDefault().Span;
            }
        }

        return default;
    }
}
