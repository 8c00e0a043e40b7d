using System.Numerics;
using System.Text;

namespace TattleTail.Events.Tests;

/// <summary>
/// A record batch by the protocol guide, field by field and byte by byte, sharing no code with the codec. Every field can be set to nonsense; length and CRC are computed unless set.
/// </summary>
internal sealed class NaiveBatch
{
    public long BaseOffset { get; set; }

    public int? BatchLength { get; set; }

    public int LeaderEpoch { get; set; }

    public byte Magic { get; set; } = 2;

    public uint? Crc { get; set; }

    public int Attributes { get; set; }

    public int? LastOffsetDelta { get; set; }

    public long BaseTimestamp { get; set; }

    public long MaxTimestamp { get; set; }

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; } = -1;

    public int BaseSequence { get; set; } = -1;

    public int? Count { get; set; }

    public List<byte[]> Records { get; } = [];

    public static byte[] Record(long timestampDelta, int offsetDelta, byte[]? key, byte[]? value, params (string Key, byte[]? Value)[] headers)
    {
        List<byte> body = [0, .. Varint(timestampDelta), .. Varint(offsetDelta), .. Sized(key), .. Sized(value), .. Varint(headers.Length)];
        foreach (var (name, content) in headers)
        {
            body.AddRange(Sized(Encoding.UTF8.GetBytes(name)));
            body.AddRange(Sized(content));
        }

        return Framed([.. body]);
    }

    public static byte[] Framed(params byte[] record) => [.. Varint(record.Length), .. record];

    public static byte[] Varint(long value)
    {
        // Zig-zag: 0, -1, 1, -2 … become 0, 1, 2, 3 …
        var unsigned = value >= 0 ? 2 * (BigInteger)value : (-2 * (BigInteger)value) - 1;
        var bytes = new List<byte>();
        do
        {
            var low = (byte)(unsigned % 128);
            unsigned /= 128;
            bytes.Add((byte)(unsigned.IsZero ? low : low + 128));
        }
        while (!unsigned.IsZero);
        return [.. bytes];
    }

    public static uint Crc32C(IEnumerable<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }

    public byte[] Encode()
    {
        var records = Records.SelectMany(r => r).ToArray();
        List<byte> covered =
        [
            .. Big(Attributes, 2), .. Big(LastOffsetDelta ?? (Count ?? Records.Count) - 1, 4), .. Big(BaseTimestamp, 8), .. Big(MaxTimestamp, 8), .. Big(ProducerId, 8),
            .. Big(ProducerEpoch, 2), .. Big(BaseSequence, 4), .. Big(Count ?? Records.Count, 4), .. records,
        ];
        return [.. Big(BaseOffset, 8), .. Big(BatchLength ?? covered.Count + 9, 4), .. Big(LeaderEpoch, 4), Magic, .. Big(Crc ?? Crc32C(covered), 4), .. covered];
    }

    private static byte[] Sized(byte[]? bytes) => bytes is null ? Varint(-1) : [.. Varint(bytes.Length), .. bytes];

    private static IEnumerable<byte> Big(long value, int size)
    {
        for (var shift = 8 * (size - 1); shift >= 0; shift -= 8)
        {
            yield return (byte)(value >> shift);
        }
    }
}
