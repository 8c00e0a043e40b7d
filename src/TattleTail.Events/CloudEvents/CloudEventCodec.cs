using System.Text.Json;
using TattleTail.Events.Json;

namespace TattleTail.Events.CloudEvents;

/// <summary>
/// CloudEvents 1.0 to and from events by the CNCF Kafka protocol binding: binary mode as <c>ce_</c> headers and <c>content-type</c>; structured bodies kept
/// byte for byte; key = <c>partitionkey</c>; timestamp = <c>time</c>, else the time of receipt. Throws <see cref="InvalidEventException"/>.
/// </summary>
public static class CloudEventCodec
{
    private static readonly EventHeader[] StructuredHeaders = [new("content-type", System.Text.Encoding.UTF8.GetBytes(CloudEventJson.ContentType))];

    /// <summary>An event in structured mode: the body is the JSON as it came.</summary>
    public static Event FromStructured(ReadOnlyMemory<byte> json, long receivedAtMillis) => FromStructured(json, receivedAtMillis, out _);

    /// <summary>An event in structured mode, and which it is.</summary>
    public static Event FromStructured(ReadOnlyMemory<byte> json, long receivedAtMillis, out CloudEventId id)
    {
        var read = StructuredCloudEvent.Read(json.Span);
        id = read.Id;
        ReadOnlyMemory<byte>? key = read.PartitionKey is null ? default(ReadOnlyMemory<byte>?) : read.PartitionKey;
        return new Event(read.TimeMillis ?? receivedAtMillis, key, StructuredHeaders, json);
    }

    /// <summary>The elements of a batch (a JSON array), each the bytes of its own JSON as it came. One that is no CloudEvent refuses the batch.</summary>
    public static IReadOnlyList<Event> FromBatch(ReadOnlyMemory<byte> jsonArray, long receivedAtMillis, int maxEvents)
    {
        var events = new List<Event>();
        foreach (var range in Elements(jsonArray.Span, maxEvents))
        {
            try
            {
                events.Add(FromStructured(jsonArray[range], receivedAtMillis));
            }
            catch (InvalidEventException e)
            {
                throw new InvalidEventException($"event {events.Count + 1} of the batch: {e.Message}", e);
            }
        }

        return events;
    }

    /// <summary>
    /// An event in HTTP binary mode: <paramref name="attributes"/> are the <c>ce-</c> headers without the prefix, decoded by <see cref="HttpHeaderValue"/>. No body and no content type make a
    /// null body.
    /// </summary>
    public static Event FromBinary(
        IReadOnlyList<KeyValuePair<string, string>> attributes, string? contentType, ReadOnlyMemory<byte> body, long receivedAtMillis)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        return BinaryCloudEvent.Read(attributes, contentType, body, receivedAtMillis);
    }

    /// <summary>
    /// Writes a recorded event as a structured CloudEvent on one line; events that were none get <c>id</c> (channel/incarnation/partition/offset), <c>source</c>, <c>type</c> made up as documented
    /// in docs/formats/events.md, and the body in <c>data</c> or <c>data_base64</c>.
    /// </summary>
    public static void WriteStructured(Utf8JsonWriter writer, RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(recorded);
        CloudEventWriter.Write(writer, recorded);
    }

    private static List<Range> Elements(ReadOnlySpan<byte> json, int maxEvents)
    {
        var elements = new List<Range>();
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CloudEventJson.MaxDepth + 1 });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                throw new InvalidEventException("a batch of CloudEvents is a JSON array");
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (elements.Count == maxEvents)
                {
                    throw new InvalidEventException($"the batch has more than {maxEvents} events");
                }

                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                elements.Add(from..(int)reader.BytesConsumed);
            }

            reader.Read();
            return elements;
        }
        catch (JsonException fault)
        {
            throw JsonFault.Describe(fault);
        }
    }
}
