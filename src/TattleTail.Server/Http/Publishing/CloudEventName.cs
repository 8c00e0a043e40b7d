using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TattleTail.Events;

namespace TattleTail.Server.Http.Publishing;

/// <summary>What makes a CloudEvent the one that it is: its <c>source</c> and <c>id</c> together (CloudEvents 1.0, "id"), as half a SHA-256.</summary>
internal static class CloudEventName
{
    private const string StructuredType = "application/cloudevents+json";

    /// <summary>The name of an event in either mode; null when it is no CloudEvent.</summary>
    public static UInt128? Of(Event @event)
    {
        var (source, id) = Header(@event, "content-type") is { } type && type.StartsWith(StructuredType, StringComparison.OrdinalIgnoreCase)
            ? FromBody(@event.Body)
            : (Header(@event, "ce_source"), Header(@event, "ce_id"));
        if (source is null || id is null)
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\0{id}"), hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    private static string? Header(Event @event, string key)
    {
        foreach (var header in @event.Headers)
        {
            if (header.Key == key && header.Value is { } value)
            {
                return Encoding.UTF8.GetString(value.Span);
            }
        }

        return null;
    }

    private static (string? Source, string? Id) FromBody(ReadOnlyMemory<byte>? body)
    {
        if (body is not { } json)
        {
            return (null, null);
        }

        try
        {
            using var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
            return parsed.RootElement.ValueKind == JsonValueKind.Object ? (Text(parsed.RootElement, "source"), Text(parsed.RootElement, "id")) : (null, null);
        }
        catch (JsonException)
        {
            // Recorded by somebody who says that it is a CloudEvent, and it is not.
            return (null, null);
        }
    }

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
