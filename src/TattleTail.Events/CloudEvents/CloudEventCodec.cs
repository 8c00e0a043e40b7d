using System.Text.Json;

namespace TattleTail.Events.CloudEvents;

/// <summary>
/// CloudEvents 1.0 to and from events by the CNCF Kafka protocol binding: binary mode as <c>ce_</c> headers and <c>content-type</c>; structured bodies kept
/// byte for byte; key = <c>partitionkey</c>; timestamp = <c>time</c>, else the time of receipt. Throws <see cref="InvalidEventException"/>.
/// </summary>
public static class CloudEventCodec
{
    /// <summary>An event in structured mode: the body is the JSON as it came.</summary>
    public static Event FromStructured(ReadOnlyMemory<byte> json, long receivedAtMillis) => throw new NotImplementedException();

    /// <summary>The elements of a batch (a JSON array), each the bytes of its own JSON as it came.</summary>
    public static IReadOnlyList<Event> FromBatch(ReadOnlyMemory<byte> jsonArray, long receivedAtMillis, int maxEvents) => throw new NotImplementedException();

    /// <summary>An event in HTTP binary mode: <paramref name="attributes"/> are the <c>ce-</c> headers without the prefix, percent-decoded.</summary>
    public static Event FromBinary(
        IReadOnlyList<KeyValuePair<string, string>> attributes, string? contentType, ReadOnlyMemory<byte> body, long receivedAtMillis) => throw new NotImplementedException();

    /// <summary>
    /// Writes a recorded event as a structured CloudEvent; events that were none get <c>id</c> (channel/incarnation/partition/offset), <c>source</c>, <c>type</c> made up as documented
    /// in docs/formats/events.md, and the body in <c>data</c> or <c>data_base64</c>.
    /// </summary>
    public static void WriteStructured(Utf8JsonWriter writer, RecordedEvent recorded) => throw new NotImplementedException();
}
