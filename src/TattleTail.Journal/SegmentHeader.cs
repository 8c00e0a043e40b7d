using System.Buffers.Binary;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>The first 64 bytes of a segment file, little-endian. Layout: docs/formats/journal.md, "Segment header".</summary>
/// <param name="Number">The segment's number, from 1, also in its file's name.</param>
/// <param name="Epoch">The journal's epoch that wrote it.</param>
/// <param name="Start">Position of its first entry, which is where its predecessor ends.</param>
/// <param name="CreatedMicros">When it was begun, µs since 1970 UTC.</param>
internal readonly record struct SegmentHeader(long Number, int Epoch, long Start, long CreatedMicros)
{
    public const int Size = 64;
    public const int FormatVersion = 1;

    private const ulong Magic = 0x314E524A5454_4154; // "TATTJRN1" in the order of the file

    public void Write(Span<byte> target)
    {
        target[..Size].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(target, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], FormatVersion);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], Start);
        BinaryPrimitives.WriteInt64LittleEndian(target[32..], CreatedMicros);
        BinaryPrimitives.WriteUInt32LittleEndian(target[60..], Crc32C.Of(target[..60]));
    }

    /// <summary>Reads a header; false when it is torn, of another segment's former life, or no header. A whole header of a newer format throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, long number, string path, out SegmentHeader header)
    {
        header = default;
        if (source.Length < Size || BinaryPrimitives.ReadUInt64LittleEndian(source) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[60..]) != Crc32C.Of(source[..60]))
        {
            return false;
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        if (version != FormatVersion)
        {
            throw new JournalFormatException(
                $"{path} is of journal format {version}; this version of TattleTail reads format {FormatVersion}: start the version that wrote it, or a newer one");
        }

        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]), BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[24..]), BinaryPrimitives.ReadInt64LittleEndian(source[32..]));
        return header.Number == number;
    }
}
