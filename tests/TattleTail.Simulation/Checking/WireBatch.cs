using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace TattleTail.Simulation.Checking;

/// <summary>A record as the checker reads it.</summary>
internal sealed record WireRecord(long Offset, long Timestamp, byte[]? Key, IReadOnlyList<(string Key, byte[]? Value)> Headers, byte[]? Body);

/// <summary>
/// The checker's own reading and writing of uncompressed RecordBatch v2 (Kafka protocol guide, "Record Batch"); shares nothing with the product's codec.
/// </summary>
internal static class WireBatch
{
    public const int HeaderBytes = 61;

    /// <summary>Tells whether a whole batch with a right checksum stands at the start of the bytes, and how long it is.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> bytes, out int size)
    {
        size = 0;
        if (bytes.Length < HeaderBytes || bytes[16] != 2)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        if (length < HeaderBytes - 12 || length > bytes.Length - 12)
        {
            return false;
        }

        size = length + 12;
        return BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]) == Crc32C(bytes[21..size]);
    }

    /// <summary>The records of one whole batch; <see cref="FormatException"/> when it is none.</summary>
    public static IReadOnlyList<WireRecord> Read(ReadOnlySpan<byte> batch)
    {
        if (!IsBatch(batch, out var size) || size != batch.Length)
        {
            throw new FormatException("not one whole RecordBatch v2 with a right checksum");
        }

        var baseOffset = BinaryPrimitives.ReadInt64BigEndian(batch);
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[21..]);
        var baseTime = BinaryPrimitives.ReadInt64BigEndian(batch[27..]);
        var maxTime = BinaryPrimitives.ReadInt64BigEndian(batch[35..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(batch[57..]);
        if ((attributes & 7) != 0)
        {
            throw new FormatException("compressed");
        }

        var records = new List<WireRecord>(count);
        var rest = batch[HeaderBytes..];
        for (var index = 0; index < count; index++)
        {
            var length = (int)Varint(ref rest);
            var record = rest[..length];
            rest = rest[length..];
            record = record[1..];
            var time = unchecked(baseTime + Varint(ref record));
            var offset = baseOffset + Varint(ref record);
            var key = Bytes(ref record);
            var body = Bytes(ref record);
            var headers = new (string, byte[]?)[(int)Varint(ref record)];
            for (var header = 0; header < headers.Length; header++)
            {
                headers[header] = (Encoding.UTF8.GetString(Bytes(ref record)!), Bytes(ref record));
            }

            records.Add(new WireRecord(offset, (attributes & 8) != 0 ? maxTime : time, key, headers, body));
        }

        return rest.IsEmpty ? records : throw new FormatException("bytes left over after the last record");
    }

    /// <summary>Makes a batch; offsets are consecutive from 0 and the producer is as given (-1: none).</summary>
    public static byte[] Write(IReadOnlyList<WireRecord> records, long producerId = -1, short producerEpoch = -1, int baseSequence = -1)
    {
        var bytes = new List<byte>(new byte[HeaderBytes]);
        var baseTime = records[0].Timestamp;
        for (var index = 0; index < records.Count; index++)
        {
            var body = new List<byte> { 0 };
            PutVarint(body, unchecked(records[index].Timestamp - baseTime));
            PutVarint(body, index);
            PutBytes(body, records[index].Key);
            PutBytes(body, records[index].Body);
            PutVarint(body, records[index].Headers.Count);
            foreach (var (key, value) in records[index].Headers)
            {
                PutBytes(body, Encoding.UTF8.GetBytes(key));
                PutBytes(body, value);
            }

            PutVarint(bytes, body.Count);
            bytes.AddRange(body);
        }

        var batch = bytes.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), -1);
        batch[16] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), records.Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(27), baseTime);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), records.Max(record => record.Timestamp));
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), producerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), baseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), records.Count);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C(batch.AsSpan(21)));
        return batch;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
    }

    private static byte[]? Bytes(ref ReadOnlySpan<byte> bytes)
    {
        var length = (int)Varint(ref bytes);
        if (length < 0)
        {
            return null;
        }

        var taken = bytes[..length].ToArray();
        bytes = bytes[length..];
        return taken;
    }

    private static void PutVarint(List<byte> bytes, long number)
    {
        var value = (ulong)((number << 1) ^ (number >> 63));
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
    }

    private static void PutBytes(List<byte> bytes, byte[]? content)
    {
        PutVarint(bytes, content?.Length ?? -1);
        bytes.AddRange(content ?? []);
    }
}
