using System.Buffers.Binary;
using System.IO.Compression;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using K4os.Hash.xxHash;
using Snappier;
using TattleTail.Events.RecordBatches;
using ZstdSharp;

namespace TattleTail.Fuzz.Making;

/// <summary>Compresses records as the clients do, in the ways that they differ.</summary>
internal static class Codecs
{
    private const int BombBytes = 8 << 20;

    private static readonly Dictionary<BatchCompression, Lazy<byte[]>> Bombs = Enum.GetValues<BatchCompression>()
        .ToDictionary(codec => codec, codec => new Lazy<byte[]>(() => Compress(codec, new byte[BombBytes], new Random(1))));

    private static ReadOnlySpan<byte> XerialHeader => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0, 0, 0, 0, 1, 0, 0, 0, 1];

    /// <summary>A few bytes that are eight million: more than any limit that the fuzzer sets.</summary>
    public static byte[] Bomb(BatchCompression codec) => [.. Bombs[codec].Value];

    public static byte[] Compress(BatchCompression codec, byte[] records, Random random)
    {
        using var target = new MemoryStream();
        switch (codec)
        {
            case BatchCompression.Gzip:
                using (var stream = new GZipStream(target, random.Next(2) == 0 ? CompressionLevel.Fastest : CompressionLevel.Optimal, leaveOpen: true))
                {
                    stream.Write(records);
                }

                break;
            case BatchCompression.Snappy:
                Snap(target, records, xerial: random.Next(2) == 0);
                break;
            case BatchCompression.Lz4:
                var settings = new LZ4EncoderSettings
                {
                    ChainBlocks = false,
                    BlockChecksum = random.Next(4) == 0,
                    ContentChecksum = random.Next(4) == 0,
                    BlockSize = random.Next(4) == 0 ? 4 << 20 : 64 << 10,
                    CompressionLevel = LZ4Level.L00_FAST,
                };
                using (var stream = LZ4Stream.Encode(target, settings, leaveOpen: true))
                {
                    stream.Write(records);
                }

                break;
            case BatchCompression.Zstd:
                Zip(target, records, random);
                break;
            default:
                target.Write(records);
                break;
        }

        return target.ToArray();
    }

    /// <summary>Makes the checksum of a damaged LZ4 descriptor fit again in half of the cases, so that what comes after it is looked at.</summary>
    public static byte[] Repair(BatchCompression codec, byte[] section, Random random)
    {
        if (codec == BatchCompression.Lz4 && section.Length > 15 && random.Next(2) == 0)
        {
            int checksumAt = (section[4] & 0x08) != 0 ? 14 : 6;
            section[checksumAt] = (byte)(XXH32.DigestOf(section.AsSpan(4, checksumAt - 4)) >> 8);
        }

        return section;
    }

    private static void Snap(MemoryStream target, byte[] records, bool xerial)
    {
        if (!xerial)
        {
            target.Write(Snappy.CompressToArray(records));
            return;
        }

        target.Write(XerialHeader);
        Span<byte> length = stackalloc byte[4];
        foreach (byte[] piece in records.Chunk(32 << 10))
        {
            byte[] block = Snappy.CompressToArray(piece);
            BinaryPrimitives.WriteInt32BigEndian(length, block.Length);
            target.Write(length);
            target.Write(block);
        }
    }

    private static void Zip(MemoryStream target, byte[] records, Random random)
    {
        // One segment, as librdkafka makes it, or a stream, as Java does.
        if (random.Next(2) == 0)
        {
            using var compressor = new Compressor(1);
            target.Write(compressor.Wrap(records));
            return;
        }

        using var stream = new CompressionStream(target, random.Next(1, 4), leaveOpen: true);
        stream.Write(records);
    }
}
