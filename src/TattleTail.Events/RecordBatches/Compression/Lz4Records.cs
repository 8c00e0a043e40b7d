using System.Buffers.Binary;
using K4os.Compression.LZ4;
using K4os.Hash.xxHash;

namespace TattleTail.Events.RecordBatches.Compression;

/// <summary>
/// One LZ4 frame (LZ4 frame format 1.6.1), within what Kafka's own reader takes (<c>Lz4BlockInputStream</c>): independent blocks, no dictionary. Little-endian: magic; flags, block
/// descriptor, content size if flagged, header checksum; blocks, each after its length (top bit: stored) and before its checksum if flagged; a length of zero; content checksum if flagged.
/// </summary>
internal static class Lz4Records
{
    private const uint Magic = 0x184D2204;
    private const int VersionOne = 0x40;
    private const int VersionMask = 0xC0;
    private const int IndependentBlocks = 0x20;
    private const int BlockChecksum = 0x10;
    private const int ContentSize = 0x08;
    private const int ContentChecksum = 0x04;
    private const int Reserved = 0x03;
    private const uint Stored = 0x8000_0000;

    public static void Decompress(ReadOnlySpan<byte> compressed, DecompressedRecords target)
    {
        var (flags, maxBlock, position) = Descriptor(compressed);
        while (true)
        {
            var block = Take(compressed, ref position, 4);
            var length = BinaryPrimitives.ReadUInt32LittleEndian(block);
            if (length == 0)
            {
                break;
            }

            if ((length & ~Stored) > maxBlock)
            {
                throw new InvalidDataException("a block is longer than its frame allows");
            }

            var bytes = Take(compressed, ref position, (int)(length & ~Stored));
            if ((flags & BlockChecksum) != 0 && BinaryPrimitives.ReadUInt32LittleEndian(Take(compressed, ref position, 4)) != XXH32.DigestOf(bytes))
            {
                throw new InvalidDataException("a block's checksum does not match");
            }

            Block(bytes, (length & Stored) != 0, maxBlock, target);
        }

        if ((flags & ContentChecksum) != 0 && BinaryPrimitives.ReadUInt32LittleEndian(Take(compressed, ref position, 4)) != XXH32.DigestOf(target.Bytes))
        {
            throw new InvalidDataException("the content's checksum does not match");
        }

        if (position != compressed.Length)
        {
            throw new InvalidDataException("bytes are left over after the frame");
        }
    }

    private static (int Flags, int MaxBlock, int Position) Descriptor(ReadOnlySpan<byte> compressed)
    {
        var position = 0;
        if (BinaryPrimitives.ReadUInt32LittleEndian(Take(compressed, ref position, 4)) != Magic)
        {
            throw new InvalidDataException("it is no LZ4 frame");
        }

        var descriptor = Take(compressed, ref position, 2);
        int flags = descriptor[0];
        var blockSize = descriptor[1] >> 4;
        if ((flags & VersionMask) != VersionOne || (flags & Reserved) != 0 || blockSize is < 4 or > 7 || (descriptor[1] & 0x0F) != 0)
        {
            throw new InvalidDataException("its flags are not those of an LZ4 frame without a dictionary");
        }

        if ((flags & IndependentBlocks) == 0)
        {
            throw new InvalidDataException("an LZ4 frame must have independent blocks");
        }

        position += (flags & ContentSize) != 0 ? 8 : 0;
        var checksum = Take(compressed, ref position, 1)[0];
        if (checksum != (byte)(XXH32.DigestOf(compressed[4..(position - 1)]) >> 8))
        {
            throw new InvalidDataException("the frame header's checksum does not match");
        }

        return (flags, 1 << (8 + (2 * blockSize)), position);
    }

    private static void Block(ReadOnlySpan<byte> block, bool isStored, int maxBlock, DecompressedRecords target)
    {
        if (isStored)
        {
            target.Admit(block.Length);
            block.CopyTo(target.Room(block.Length));
            target.Advance(block.Length);
            return;
        }

        // A byte of a match's length stands for at most 255: a small block cannot claim a large buffer.
        var room = (int)Math.Min(maxBlock, (255L * block.Length) + 64);
        var written = LZ4Codec.Decode(block, target.Room(room)[..room]);
        if (written < 0)
        {
            throw new InvalidDataException("a block is malformed");
        }

        target.Advance(written);
    }

    private static ReadOnlySpan<byte> Take(ReadOnlySpan<byte> source, ref int position, int length)
    {
        if (length > source.Length - position)
        {
            throw new InvalidDataException("the frame is cut");
        }

        position += length;
        return source.Slice(position - length, length);
    }
}
