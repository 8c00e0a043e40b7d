using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using TattleTail.Events.Json;

namespace TattleTail.Events.CloudEvents;

/// <summary>What TattleTail needs of a CloudEvent in its JSON format 1.0, after checking that it is one. Of equal names the first counts.</summary>
/// <param name="Id">Which it is.</param>
/// <param name="PartitionKey">The partition key, if any.</param>
/// <param name="TimeMillis">The time, milliseconds since 1970 UTC, if any.</param>
internal readonly record struct StructuredCloudEvent(CloudEventId Id, byte[]? PartitionKey, long? TimeMillis)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = CloudEventJson.MaxDepth };

    /// <summary>Reads one JSON object. Throws <see cref="InvalidEventException"/>.</summary>
    public static StructuredCloudEvent Read(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new InvalidEventException("the JSON of a CloudEvent must be UTF-8");
        }

        try
        {
            return Read(new Utf8JsonReader(json, Options));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw JsonFault.Describe(fault);
        }
    }

    private static StructuredCloudEvent Read(Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new InvalidEventException("a CloudEvent is a JSON object");
        }

        string? version = null, id = null, source = null, type = null, time = null, partitionKey = null;
        bool hasData = false, hasBase64 = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("specversion"u8))
            {
                version ??= Text(ref reader, "specversion");
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id ??= Text(ref reader, "id");
            }
            else if (reader.ValueTextEquals("source"u8))
            {
                source ??= Text(ref reader, "source");
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                type ??= Text(ref reader, "type");
            }
            else if (reader.ValueTextEquals("time"u8))
            {
                time ??= Text(ref reader, "time");
            }
            else if (reader.ValueTextEquals("partitionkey"u8))
            {
                partitionKey ??= Text(ref reader, "partitionkey");
            }
            else
            {
                hasData |= reader.ValueTextEquals("data"u8);
                hasBase64 |= reader.ValueTextEquals("data_base64"u8);
                reader.Skip();
            }
        }

        // What follows the object is a fault that only the next read tells.
        reader.Read();
        CloudEventAttributes.Require(version, id, source, type);
        if (hasData && hasBase64)
        {
            throw new InvalidEventException("a CloudEvent has either data or data_base64, not both");
        }

        return new StructuredCloudEvent(
            new CloudEventId(source!, id!), partitionKey is null ? null : Encoding.UTF8.GetBytes(partitionKey), time is null ? null : CloudEventAttributes.Time(time));
    }

    private static string? Text(ref Utf8JsonReader reader, string name)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Null => null,
            _ => throw new InvalidEventException($"the CloudEvent's {name} must be a string"),
        };
    }
}
