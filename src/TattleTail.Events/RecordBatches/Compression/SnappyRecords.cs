using System.Buffers.Binary;
using Snappier;

namespace TattleTail.Events.RecordBatches.Compression;

/// <summary>
/// Snappy: one raw block (librdkafka), or the Java client's framing (xerial snappy-java, <c>SnappyCodec</c>): a magic of eight bytes, two int32 versions, then blocks, each after its
/// int32 length, big-endian.
/// </summary>
internal static class SnappyRecords
{
    private const int FramingHeader = 16;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    public static void Decompress(ReadOnlySpan<byte> compressed, DecompressedRecords target)
    {
        if (!compressed.StartsWith(Magic))
        {
            Block(compressed, target);
            return;
        }

        if (compressed.Length < FramingHeader)
        {
            throw new InvalidDataException("its framing is cut");
        }

        for (var rest = compressed[FramingHeader..]; !rest.IsEmpty;)
        {
            var length = rest.Length < 4 ? -1 : BinaryPrimitives.ReadInt32BigEndian(rest);
            if (length < 0 || length > rest.Length - 4)
            {
                throw new InvalidDataException("a block goes beyond the batch");
            }

            Block(rest.Slice(4, length), target);
            rest = rest[(4 + length)..];
        }
    }

    private static void Block(ReadOnlySpan<byte> block, DecompressedRecords target)
    {
        var size = Snappy.GetUncompressedLength(block);

        // Three bytes copy 64 at most (format description, "copy with 2-byte offset"): whoever says more lies, and gets no memory for it.
        if (size < 0 || size > 32L * block.Length)
        {
            throw new InvalidDataException("a block says that it is larger than it can be");
        }

        target.Admit(size);
        if (!Snappy.TryDecompress(block, target.Room(size), out var written) || written != size)
        {
            throw new InvalidDataException("a block is malformed");
        }

        target.Advance(written);
    }
}
