using System.Buffers.Binary;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>
/// The 24 bytes before an entry's payload, little-endian: header CRC32C @0, payload CRC32C @4, payload length @8, kind @12, three zeros, durable @16. The header's CRC also covers the
/// epoch and the entry's position, which are not stored: what a recycled file held in a former life never validates. Layout: docs/formats/journal.md, "Entry".
/// </summary>
internal readonly record struct EntryHeader(uint PayloadCrc, int PayloadLength, EntryKind Kind, long Durable)
{
    public const int Size = 24;

    /// <summary>Entries begin at multiples of this.</summary>
    public const int Alignment = 8;

    /// <summary>Bytes of the whole entry, padding included.</summary>
    public long EntrySize => SizeOf(PayloadLength);

    public static long SizeOf(int payloadLength) => (Size + (long)payloadLength + Alignment - 1) & ~(Alignment - 1L);

    public void Write(Span<byte> target, int epoch, long position)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], PayloadCrc);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], PayloadLength);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], (int)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Durable);
        BinaryPrimitives.WriteUInt32LittleEndian(target, Crc(target, epoch, position));
    }

    public static bool TryRead(ReadOnlySpan<byte> source, int epoch, long position, out EntryHeader header)
    {
        header = default;
        if (source.Length < Size)
        {
            return false;
        }

        var kind = BinaryPrimitives.ReadInt32LittleEndian(source[12..]);
        var length = BinaryPrimitives.ReadInt32LittleEndian(source[8..]);
        var durable = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        if (kind is < (int)EntryKind.Batch or > (int)EntryKind.Mark || length < 0 || durable < 0 || durable > position
            || BinaryPrimitives.ReadUInt32LittleEndian(source) != Crc(source, epoch, position))
        {
            return false;
        }

        header = new EntryHeader(BinaryPrimitives.ReadUInt32LittleEndian(source[4..]), length, (EntryKind)kind, durable);
        return true;
    }

    private static uint Crc(ReadOnlySpan<byte> header, int epoch, long position)
    {
        Span<byte> seed = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(seed, epoch);
        BinaryPrimitives.WriteInt64LittleEndian(seed[4..], position);
        return Crc32C.Append(Crc32C.Of(seed), header[4..Size]);
    }
}
