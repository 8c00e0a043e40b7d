using System.Buffers.Binary;
using System.Text;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Spew.Tests;

/// <summary>Record batches as producers send them.</summary>
internal static class Batches
{
    /// <summary>A sound, uncompressed batch of text events, from a producer or from none.</summary>
    public static byte[] Of(long timestamp, long producerId, short epoch, int sequence, params string[] bodies)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        for (int i = 0; i < bodies.Length; i++)
        {
            Assert.True(builder.TryAdd(i, new Event(timestamp + i, null, [], Encoding.UTF8.GetBytes(bodies[i]))));
        }

        byte[] batch = builder.Finish().ToArray();
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        return Sign(batch);
    }

    public static byte[] Of(params string[] bodies) => Of(1_700_000_000_000, -1, -1, -1, bodies);

    /// <summary>Puts the right CRC into a batch that was changed.</summary>
    public static byte[] Sign(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>Offsets and bodies of the batches in a fetch's answer.</summary>
    public static List<(long Offset, string Body)> Read(ReadOnlySpan<byte> records)
    {
        var events = new List<(long, string)>();
        while (records.Length > 0)
        {
            Assert.True(RecordBatchHeader.TryRead(records, out RecordBatchHeader header));
            using var reader = new RecordBatchReader(records[..header.TotalSize]);
            while (reader.MoveNext())
            {
                events.Add((reader.Current.Offset, Encoding.UTF8.GetString(reader.Current.Body)));
            }

            records = records[header.TotalSize..];
        }

        return events;
    }

    private static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
            }
        }

        return ~crc;
    }
}
