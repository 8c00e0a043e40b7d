using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace TattleTail.Events.Envelopes;

/// <summary>Bytes in an envelope: null, a string of text, or <c>{"base64": "…"}</c> where they are not UTF-8.</summary>
internal static class EnvelopeBytes
{
    public static void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is not { } some)
        {
            writer.WriteNullValue();
        }
        else if (Utf8.IsValid(some.Span))
        {
            writer.WriteStringValue(some.Span);
        }
        else
        {
            writer.WriteStartObject();
            writer.WriteBase64String("base64"u8, some.Span);
            writer.WriteEndObject();
        }
    }

    /// <summary>Reads the bytes that the reader stands on and leaves it at their last token; <paramref name="what"/> names them in a fault.</summary>
    public static ReadOnlyMemory<byte>? Read(ref Utf8JsonReader reader, string what)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return default(ReadOnlyMemory<byte>?);
            case JsonTokenType.String:
                return Text(ref reader);
            case JsonTokenType.StartObject:
                return Base64(ref reader, what);
            default:
                throw new InvalidEventException($"{what} must be a string, {{\"base64\": \"…\"}} or null");
        }
    }

    private static byte[] Base64(ref Utf8JsonReader reader, string what)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("base64"u8)
            || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes)
            || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
        {
            throw new InvalidEventException($"{what} as an object must be {{\"base64\": \"…\"}} and nothing else");
        }

        return bytes;
    }

    private static byte[] Text(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.ToArray();
        }

        var buffer = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return buffer[..reader.CopyString(buffer)];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
