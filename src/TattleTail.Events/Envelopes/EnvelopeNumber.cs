using System.Globalization;
using System.Text.Json;

namespace TattleTail.Events.Envelopes;

/// <summary>64-bit numbers in JSON: a string beyond ±(2^53 − 1), where readers that keep numbers as doubles would change them (RFC 8259, section 6).</summary>
internal static class EnvelopeNumber
{
    private const long MaxExact = (1L << 53) - 1;

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        if (value is >= -MaxExact and <= MaxExact)
        {
            writer.WriteNumber(name, value);
        }
        else
        {
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Reads the number that the reader stands on; false when it is no int64.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetInt64(out value),
            JsonTokenType.String => long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
    }
}
