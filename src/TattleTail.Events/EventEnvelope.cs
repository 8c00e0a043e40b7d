using System.Text.Json;

namespace TattleTail.Events;

/// <summary>
/// The one JSON form of an event, for the command line and HTTP: headers as ordered pairs, key, values and body as text when valid UTF-8, else base64; null ≠ empty. Reading and
/// publishing it again loses nothing. Layout in docs/formats/events.md. Throws <see cref="InvalidEventException"/>.
/// </summary>
public static class EventEnvelope
{
    /// <summary>Writes one envelope as one JSON object.</summary>
    public static void Write(Utf8JsonWriter writer, RecordedEvent recorded) => throw new NotImplementedException();

    /// <summary>Reads an envelope's event; where it lay is ignored, a missing timestamp is <paramref name="receivedAtMillis"/>.</summary>
    public static Event Read(ReadOnlyMemory<byte> json, long receivedAtMillis) => throw new NotImplementedException();

    /// <summary>Tells whether a JSON object is an envelope rather than a CloudEvent (it has no <c>specversion</c>).</summary>
    public static bool IsEnvelope(ReadOnlySpan<byte> json) => throw new NotImplementedException();
}
