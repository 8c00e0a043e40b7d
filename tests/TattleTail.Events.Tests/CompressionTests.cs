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
        Assert.Throws<InvalidDataException>(() => new RecordBatchReader(batch, 100_000).MoveNext());
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_DecompressesToTheLimitAndOneMore_IsTakenAndRefused(BatchCompression codec, bool xerial)
    {
        var batch = Compressed(codec, xerial, 20_000);
        var size = Records(20_000).Length;

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(MaxDecompressedBytes: size), out _));
        Assert.Equal(BatchFault.TooLarge, RecordBatch.Check(batch, new BatchLimits(MaxDecompressedBytes: size - 1), out _));
    }

    /// <summary>A frame with every option that its format has and other clients use.</summary>
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, true)]
    public void Check_Lz4Options_AreReadBack(bool blockChecksum, bool contentChecksum, bool contentLength)
    {
        var records = Records(20_000);
        using var target = new MemoryStream();
        var settings = new LZ4EncoderSettings
        {
            ChainBlocks = false,
            BlockChecksum = blockChecksum,
            ContentChecksum = contentChecksum,
            BlockSize = 64 * 1024,
        };
        using (var stream = LZ4Stream.Encode(target, settings, leaveOpen: true))
        {
            stream.Write(records.Span);
        }

        var frame = contentLength ? WithContentLength(target.ToArray(), records.Length) : target.ToArray();
        var batch = Frame(BatchCompression.Lz4, frame, 20_000);
        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out var reason));
        Assert.Null(reason);
    }

    /// <summary>librdkafka makes one segment; Java at its highest level asks for a window of 128 MiB whatever it sends.</summary>
    [Theory]
    [InlineData(3, true)]
    [InlineData(19, false)]
    [InlineData(22, false)]
    public void Check_ZstdOfOtherClients_IsReadBack(int level, bool oneSegment)
    {
        var records = Records(2000);
        using var target = new MemoryStream();
        if (oneSegment)
        {
            using var compressor = new ZstdSharp.Compressor(level);
            target.Write(compressor.Wrap(records.Span));
        }
        else
        {
            using var stream = new ZstdSharp.CompressionStream(target, level, leaveOpen: true);
            stream.Write(records.Span);
        }

        var batch = Frame(BatchCompression.Zstd, target.ToArray(), 2000);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out var reason));
            Assert.Null(reason);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Check_BytesAfterTheFrame_IsCorrupt(BatchCompression codec, bool xerial)
    {
        byte[] batch = [.. Compressed(codec, xerial, 2000), 1, 2, 3, 4, 5];
        Complete(batch);

        Assert.Equal(BatchFault.Corrupt, RecordBatch.Check(batch, new BatchLimits(), out _));
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

    internal static byte[] Compressed(BatchCompression codec, bool xerial, int events)
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
            case BatchCompression.None:
                target.Write(records.Span);
                break;
            default:
                target.Write(Snappier.Snappy.CompressToArray(records.Span));
                break;
        }

        return Frame(codec, target.ToArray(), events);
    }

    /// <summary>The library cannot write this field: flag 3, eight bytes after the block descriptor, and a new header checksum.</summary>
    private static byte[] WithContentLength(byte[] frame, long length)
    {
        var size = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(size, length);
        byte[] descriptor = [(byte)(frame[4] | 0x08), frame[5], .. size];
        return [.. frame[..4], .. descriptor, (byte)(K4os.Hash.xxHash.XXH32.DigestOf(descriptor) >> 8), .. frame[7..]];
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

    internal static void Complete(byte[] batch)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
    }
}
