using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Server.Http.Publishing;

/// <summary>Which CloudEvent an event is, as half a SHA-256.</summary>
internal static class CloudEventName
{
    private const string StructuredType = "application/cloudevents+json";

    /// <summary>The name of a CloudEvent.</summary>
    public static UInt128 Of(CloudEventId id)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{id.Source}\0{id.Id}"), hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The name of an event in either mode; null when it is no CloudEvent.</summary>
    public static UInt128? Of(Event @event)
    {
        var id = Header(@event, "content-type") is { } type && type.StartsWith(StructuredType, StringComparison.OrdinalIgnoreCase) ? FromBody(@event.Body) : FromHeaders(@event);
        return id is { } known ? Of(known) : null;
    }

    private static CloudEventId? FromHeaders(Event @event) => Header(@event, "ce_source") is { } source && Header(@event, "ce_id") is { } id ? new CloudEventId(source, id) : null;

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

    private static CloudEventId? FromBody(ReadOnlyMemory<byte>? body)
    {
        if (body is not { } json)
        {
            return null;
        }

        try
        {
            CloudEventCodec.FromStructured(json, 0, out var id);
            return id;
        }
        catch (InvalidEventException)
        {
            // Recorded by somebody who says that it is a CloudEvent, and it is not.
            return null;
        }
    }
}
