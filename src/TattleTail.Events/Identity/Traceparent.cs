using System.Buffers;

namespace TattleTail.Events.Identity;

/// <summary>W3C Trace Context, "traceparent": version 2 hex, '-', trace id 32 hex, '-', parent id 16 hex, '-', flags 2 hex, lower case.</summary>
internal static class Traceparent
{
    private const int Size = 55;
    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The trace id; empty when the value is no traceparent. Versions above 0 may have more after the flags.</summary>
    public static ReadOnlySpan<byte> TraceId(ReadOnlySpan<byte> value)
    {
        if (value.Length < Size || (value.Length > Size && (value[Size] != '-' || value.StartsWith("00"u8))) || value.StartsWith("ff"u8)
            || value[2] != '-' || value[35] != '-' || value[52] != '-')
        {
            return default;
        }

        var trace = value[3..35];
        var isSound = IsHex(value[..2]) && IsHex(trace) && IsHex(value[36..52]) && IsHex(value[53..55]) && trace.ContainsAnyExcept((byte)'0');
        return isSound ? trace : default;
    }

    private static bool IsHex(ReadOnlySpan<byte> value) => !value.ContainsAnyExcept(Hex);
}
