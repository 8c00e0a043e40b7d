using System.Text.Json;

namespace TattleTail.Events.Json;

/// <summary>Words for JSON from outside that is none.</summary>
internal static class JsonFault
{
    /// <summary>The exception for what a reader threw: <see cref="JsonException"/>, or <see cref="InvalidOperationException"/> on half a surrogate pair in a string.</summary>
    public static InvalidEventException Describe(Exception fault) => fault switch
    {
        JsonException json => new InvalidEventException($"invalid JSON at line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}", json),
        _ => new InvalidEventException("invalid JSON: a string holds half of a surrogate pair, which is no Unicode text", fault),
    };
}
