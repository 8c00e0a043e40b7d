using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace TattleTail.Events;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4), by the processor's instruction where it has one.</summary>
/// <remarks>
/// The instruction takes three cycles for eight bytes and three may run at once, so longer inputs are read in three lanes side by side. The lanes' checksums are joined by what a lane of
/// zeros does to a checksum, which is linear and so a table.
/// </remarks>
public static class Crc32C
{
    private const int Lane = 1024;

    private static readonly uint[] LaneShift = ShiftTable();

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Append(0, bytes);

    /// <summary>The checksum of what <paramref name="crc"/> covers followed by <paramref name="bytes"/>.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;

        // Words are taken as they lie in memory, which is the order of the checksum on little-endian machines only.
        if (bytes.Length >= 3 * Lane && BitConverter.IsLittleEndian)
        {
            crc = AppendLanes(crc, ref bytes);
        }

        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    private static uint AppendLanes(uint crc, ref ReadOnlySpan<byte> bytes)
    {
        var shift = LaneShift;
        while (bytes.Length >= 3 * Lane)
        {
            var first = MemoryMarshal.Cast<byte, ulong>(bytes[..Lane]);
            var second = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(Lane, Lane))[..first.Length];
            var third = MemoryMarshal.Cast<byte, ulong>(bytes.Slice(2 * Lane, Lane))[..first.Length];
            uint crcOfSecond = 0, crcOfThird = 0;
            for (var i = 0; i < first.Length; i++)
            {
                crc = BitOperations.Crc32C(crc, first[i]);
                crcOfSecond = BitOperations.Crc32C(crcOfSecond, second[i]);
                crcOfThird = BitOperations.Crc32C(crcOfThird, third[i]);
            }

            crc = Shift(Shift(crc, shift) ^ crcOfSecond, shift) ^ crcOfThird;
            bytes = bytes[(3 * Lane)..];
        }

        return crc;
    }

    private static uint Shift(uint crc, uint[] table) =>
        table[crc & 0xFF] ^ table[256 + ((crc >> 8) & 0xFF)] ^ table[512 + ((crc >> 16) & 0xFF)] ^ table[768 + (crc >> 24)];

    /// <summary>What a lane of zero bytes makes of each byte of a checksum, by its place.</summary>
    private static uint[] ShiftTable()
    {
        var table = new uint[4 * 256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = (uint)(i & 0xFF) << (8 * (i >> 8));
            for (var done = 0; done < Lane; done += 8)
            {
                crc = BitOperations.Crc32C(crc, 0UL);
            }

            table[i] = crc;
        }

        return table;
    }
}
