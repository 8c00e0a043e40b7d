using System.Buffers.Binary;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>
/// The 64 bytes, little-endian, that stand twice at the head of a segment file, so that a flipped bit does not cost the segment. Entries begin at <see cref="EntriesAt"/>. Layout: docs/formats/journal.md,
/// "Segment header".
/// </summary>
/// <param name="Number">The segment's number, from 1, also in its file's name.</param>
/// <param name="Epoch">The journal's epoch that wrote it.</param>
/// <param name="Start">Position of its first entry, which is where its predecessor ends: all before it was durable when this was written.</param>
/// <param name="CreatedMicros">When it was begun, µs since 1970 UTC.</param>
internal readonly record struct SegmentHeader(long Number, int Epoch, long Start, long CreatedMicros)
{
    public const int Size = 64;
    public const int SecondCopyAt = 2048;
    public const int EntriesAt = 4096;
    public const int FormatVersion = 1;

    private const ulong Magic = 0x314E524A54544154; // "TATTJRN1" in the order of the file

    /// <summary>Writes the first <see cref="EntriesAt"/> bytes of a file.</summary>
    public void Write(Span<byte> block)
    {
        block[..EntriesAt].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], Start);
        BinaryPrimitives.WriteInt64LittleEndian(block[32..], CreatedMicros);
        BinaryPrimitives.WriteUInt32LittleEndian(block[60..], Crc32C.Of(block[..60]));
        block[..Size].CopyTo(block[SecondCopyAt..]);
    }

    /// <summary>Reads the head of a file from either copy. A whole header of a newer format throws.</summary>
    public static HeaderState TryRead(ReadOnlySpan<byte> block, long number, string path, out SegmentHeader header)
    {
        var first = ReadCopy(block, 0, number, path, out header);
        if (first == HeaderState.Sound)
        {
            return first;
        }

        var second = ReadCopy(block, SecondCopyAt, number, path, out header);
        return second == HeaderState.Sound || first == HeaderState.Damaged ? second : first;
    }

    private static HeaderState ReadCopy(ReadOnlySpan<byte> block, int at, long number, string path, out SegmentHeader header)
    {
        header = default;
        if (block.Length < at + Size || block.Slice(at, Size).IndexOfAnyExcept((byte)0) < 0)
        {
            return HeaderState.Absent;
        }

        var copy = block.Slice(at, Size);
        if (BinaryPrimitives.ReadUInt64LittleEndian(copy) != Magic || BinaryPrimitives.ReadUInt32LittleEndian(copy[60..]) != Crc32C.Of(copy[..60]))
        {
            return HeaderState.Damaged;
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(copy[8..]);
        if (version != FormatVersion)
        {
            throw new JournalFormatException(
                $"{path} is of journal format {version}; this version of TattleTail reads format {FormatVersion}: start the version that wrote it, or a newer one");
        }

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(copy[16..]), BinaryPrimitives.ReadInt32LittleEndian(copy[12..]), BinaryPrimitives.ReadInt64LittleEndian(copy[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(copy[32..]));
        return header.Number == number ? HeaderState.Sound : HeaderState.Absent;
    }
}

/// <summary>What stands at the head of a segment file.</summary>
internal enum HeaderState
{
    /// <summary>This segment's header.</summary>
    Sound,

    /// <summary>Nothing, a torn write, or the header of the file's former life: this segment's header was never synced, and so nothing of it was acknowledged.</summary>
    Absent,

    /// <summary>Both copies were written and neither matches its checksum.</summary>
    Damaged,
}
