using System.Buffers.Binary;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Fuzz.Making;

/// <summary>Makes record batches, sound or damaged.</summary>
internal static class BatchMaker
{
    private const int LengthAt = 8;
    private const int MagicAt = 16;
    private const int CrcAt = 17;
    private const int AttributesAt = 21;
    private const int LastOffsetDeltaAt = 23;
    private const int CountAt = 57;

    /// <summary>A sound batch of any codec.</summary>
    public static byte[] Make(Random random)
    {
        (byte[] records, int count) = Records(random, random.Next(10) == 0 ? 300 : random.Next(1, 12));
        var codec = (BatchCompression)random.Next(5);
        return Batch(random, codec, Codecs.Compress(codec, records, random), count);
    }

    /// <summary>A damaged batch: in its records before they are compressed, in what is compressed, or anywhere. Length and CRC are made to fit again in half of the cases and more.</summary>
    public static byte[] MakeDamaged(Random random)
    {
        int kind = random.Next(8);
        var codec = (BatchCompression)random.Next(5);
        (byte[] records, int count) = Records(random, random.Next(10) == 0 ? 300 : random.Next(1, 12));
        byte[] section = kind switch
        {
            0 when codec != BatchCompression.None => Codecs.Bomb(codec),
            0 or 1 or 2 => Codecs.Compress(codec, Mutation.Apply(random, records, null, source => Records(source, 3).Bytes), random),
            3 or 4 => Codecs.Repair(codec, Mutation.Apply(random, Codecs.Compress(codec, records, random), null, source => Codecs.Compress(codec, records, source)), random),
            _ => Codecs.Compress(codec, records, random),
        };
        byte[] batch = Batch(random, codec, section, count);
        if (kind >= 5 || random.Next(6) == 0)
        {
            batch = Mutation.Apply(random, batch, null, Make);
        }

        return Complete(batch, random);
    }

    private static byte[] Complete(byte[] batch, Random random)
    {
        if (batch.Length < RecordBatchHeader.Size)
        {
            return batch;
        }

        if (random.Next(4) != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LengthAt), batch.Length - 12);
            batch[MagicAt] = 2;
        }

        if (random.Next(8) == 0)
        {
            int count = random.Next(3) == 0 ? int.MaxValue : random.Next(400);
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(CountAt), count);
            BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LastOffsetDeltaAt), count - 1);
        }

        if (random.Next(12) == 0)
        {
            // Codecs that do not exist, transactions, control batches.
            batch[AttributesAt + 1] ^= (byte)(1 << random.Next(8));
        }

        return random.Next(2) == 0 ? Sign(batch) : batch;
    }

    /// <summary>Puts the right CRC in.</summary>
    private static byte[] Sign(byte[] batch)
    {
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(CrcAt), Crc32C.Of(batch.AsSpan(AttributesAt)));
        return batch;
    }

    private static byte[] Batch(Random random, BatchCompression codec, byte[] section, int count)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        builder.TryAdd(0, new Event(1_700_000_000_000 + random.Next(100), null, [], null));
        byte[] batch = [.. builder.Finish()[..RecordBatchHeader.Size].Span, .. section];
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(AttributesAt), (short)((int)codec | (random.Next(10) == 0 ? 0x08 : 0)));
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LastOffsetDeltaAt), count - 1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(CountAt), count);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(LengthAt), batch.Length - 12);
        return Sign(batch);
    }

    private static (byte[] Bytes, int Count) Records(Random random, int count)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        for (int i = 0; i < count; i++)
        {
            var headers = new EventHeader[random.Next(3) == 0 ? random.Next(6) : 0];
            for (int h = 0; h < headers.Length; h++)
            {
                headers[h] = new EventHeader(Words.Text(random), Maybe(random));
            }

            builder.TryAdd(i, new Event(random.Next(4) == 0 ? Words.Number(random) >> 1 : 1_700_000_000_000 + i, Maybe(random), headers, Maybe(random)));
        }

        return (builder.Finish()[RecordBatchHeader.Size..].ToArray(), builder.Count);
    }

    private static ReadOnlyMemory<byte>? Maybe(Random random) => random.Next(4) == 0 ? default(ReadOnlyMemory<byte>?) : System.Text.Encoding.UTF8.GetBytes(Words.Text(random));
}
