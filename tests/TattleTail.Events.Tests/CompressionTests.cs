using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4.Streams;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

public sealed class CompressionTests
{
    public static TheoryData<BatchCompression, bool> Codecs => new()
    {
        { BatchCompression.Gzip, false },
        { BatchCompression.Snappy, false },
        { BatchCompression.Snappy, true },
        { BatchCompression.Lz4, false },
        { BatchCompression.Zstd, false },
    };

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_CompressedBatch_IsReadBack(BatchCompression codec, bool xerial)
    {
        var batch = Compressed(codec, xerial, 2000);

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out var reason));
        Assert.Null(reason);
        using var reader = new RecordBatchReader(batch);
        var count = 0;
        while (reader.MoveNext())
        {
            Assert.Equal($"body {count++}", System.Text.Encoding.UTF8.GetString(reader.Current.Body));
        }

        Assert.Equal(2000, count);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_DecompressesBeyondTheLimit_IsTooLarge(BatchCompression codec, bool xerial)
    {
        var batch = Compressed(codec, xerial, 20_000);

        Assert.Equal(BatchFault.TooLarge, RecordBatch.Check(batch, new BatchLimits(MaxDecompressedBytes: 100_000), out _));
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_CompressedBytesCut_IsCorrupt(BatchCompression codec, bool xerial)
    {
        var batch = Compressed(codec, xerial, 2000)[..^9];
        Complete(batch);

        Assert.Equal(BatchFault.Corrupt, RecordBatch.Check(batch, new BatchLimits(), out _));
    }

    [Fact]
    public void Check_Lz4WithLinkedBlocks_IsRefusedAsKafkaDoes()
    {
        using var target = new MemoryStream();
        using (var stream = LZ4Stream.Encode(target, new LZ4EncoderSettings { ChainBlocks = true }, leaveOpen: true))
        {
            stream.Write(Records(2000).Span);
        }

        var batch = Frame(BatchCompression.Lz4, target.ToArray(), 2000);

        Assert.Equal(BatchFault.Corrupt, RecordBatch.Check(batch, new BatchLimits(), out var reason));
        Assert.Contains("independent blocks", reason, StringComparison.Ordinal);
    }

    private static byte[] Compressed(BatchCompression codec, bool xerial, int events)
    {
        var records = Records(events);
        using var target = new MemoryStream();
        switch (codec)
        {
            case BatchCompression.Gzip:
                using (var stream = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
                {
                    stream.Write(records.Span);
                }

                break;
            case BatchCompression.Lz4:
                using (var stream = LZ4Stream.Encode(target, new LZ4EncoderSettings { ChainBlocks = false }, leaveOpen: true))
                {
                    stream.Write(records.Span);
                }

                break;
            case BatchCompression.Zstd:
                using (var stream = new ZstdSharp.CompressionStream(target, leaveOpen: true))
                {
                    stream.Write(records.Span);
                }

                break;
            case BatchCompression.Snappy when xerial:
                target.Write([0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1]);
                for (var rest = records; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, 32 * 1024)..])
                {
                    var block = Snappier.Snappy.CompressToArray(rest.Span[..Math.Min(rest.Length, 32 * 1024)]);
                    var length = new byte[4];
                    BinaryPrimitives.WriteInt32BigEndian(length, block.Length);
                    target.Write(length);
                    target.Write(block);
                }

                break;
            default:
                target.Write(Snappier.Snappy.CompressToArray(records.Span));
                break;
        }

        return Frame(codec, target.ToArray(), events);
    }

    private static ReadOnlyMemory<byte> Records(int events)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);
        for (var i = 0; i < events; i++)
        {
            builder.TryAdd(i, new Event(0, null, [], System.Text.Encoding.UTF8.GetBytes($"body {i}")));
        }

        return builder.Finish()[RecordBatchHeader.Size..];
    }

    private static byte[] Frame(BatchCompression codec, byte[] compressed, int events)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);
        builder.TryAdd(0, new Event(0, null, [], null));
        byte[] batch = [.. builder.Finish()[..RecordBatchHeader.Size].Span, .. compressed];
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)codec);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), events - 1);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), events);
        Complete(batch);
        return batch;
    }

    private static void Complete(byte[] batch)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
    }
}
