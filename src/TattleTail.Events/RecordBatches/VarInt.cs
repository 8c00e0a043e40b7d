namespace TattleTail.Events.RecordBatches;

/// <summary>Zig-zag varints of 32 and 64 bits, as records use them (Protocol Buffers' sint32 and sint64).</summary>
internal static class VarInt
{
    public const int MaxInt32Bytes = 5;

    /// <summary>Bytes of the longest encoded 64-bit number.</summary>
    public const int MaxInt64Bytes = 10;

    public static bool TryReadInt32(ReadOnlySpan<byte> source, scoped ref int position, out int value)
    {
        uint raw = 0;
        for (var shift = 0; shift < 35 && (uint)position < (uint)source.Length; shift += 7)
        {
            var b = source[position++];
            if (shift == 28 && b > 0x0f)
            {
                break;
            }

            raw |= (uint)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                value = (int)(raw >> 1) ^ -(int)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    public static bool TryReadInt64(ReadOnlySpan<byte> source, scoped ref int position, out long value)
    {
        ulong raw = 0;
        for (var shift = 0; shift < 70 && (uint)position < (uint)source.Length; shift += 7)
        {
            var b = source[position++];
            if (shift == 63 && b > 1)
            {
                break;
            }

            raw |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                value = (long)(raw >> 1) ^ -(long)(raw & 1);
                return true;
            }
        }

        value = 0;
        return false;
    }

    public static int Write(Span<byte> target, int value)
    {
        var raw = ((uint)value << 1) ^ (uint)(value >> 31);
        var i = 0;
        for (; raw >= 0x80; raw >>= 7)
        {
            target[i++] = (byte)(raw | 0x80);
        }

        target[i++] = (byte)raw;
        return i;
    }

    public static int Write(Span<byte> target, long value)
    {
        var raw = ((ulong)value << 1) ^ (ulong)(value >> 63);
        var i = 0;
        for (; raw >= 0x80; raw >>= 7)
        {
            target[i++] = (byte)(raw | 0x80);
        }

        target[i++] = (byte)raw;
        return i;
    }

    public static int Size(int value) => Size((ulong)(((uint)value << 1) ^ (uint)(value >> 31)));

    public static int Size(long value) => Size(((ulong)value << 1) ^ (ulong)(value >> 63));

    private static int Size(ulong raw) => raw == 0 ? 1 : (70 - System.Numerics.BitOperations.LeadingZeroCount(raw)) / 7;
}
