using System.Buffers.Binary;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>
/// The index of a closed segment behind its last entry, and the 40 bytes at the end of the file that point to it. Layout: docs/formats/journal.md, "Footer".
/// </summary>
internal static class SegmentFooter
{
    public const int TrailerSize = 40;

    private const ulong Magic = 0x31544F4F4A5454_46; // at the end of the file

    /// <summary>Encodes index and trailer, to be written at <paramref name="fileOffset"/>.</summary>
    public static byte[] Encode(SegmentIndex index, in SegmentHeader header, long fileOffset, long end)
    {
        var body = new VarWriter();
        body.Write(index.Snapshots.Count);
        long previous = header.Start;
        foreach (var snapshot in index.Snapshots)
        {
            body.Write(snapshot - previous);
            previous = snapshot;
        }

        body.Write(index.Partitions.Count);
        foreach (var partition in index.Partitions)
        {
            WritePartition(body, partition, index.Batches(partition), header.Start);
        }

        var length = body.Length;
        Span<byte> trailer = stackalloc byte[TrailerSize];
        trailer.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(trailer, fileOffset);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[8..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[12..], Crc32C.Of(body.Written));
        BinaryPrimitives.WriteInt64LittleEndian(trailer[16..], end);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[28..], TrailerCrc(trailer, header));
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[32..], Magic);
        body.Append(trailer);
        return body.Written.ToArray();
    }

    /// <summary>Reads a trailer: where the footer lies, its length and CRC, and where the entries end; false when the file has none of this segment's life.</summary>
    public static bool TryReadTrailer(ReadOnlySpan<byte> trailer, in SegmentHeader header, long fileLength, out long offset, out int length, out uint crc, out long end)
    {
        offset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        length = BinaryPrimitives.ReadInt32LittleEndian(trailer[8..]);
        crc = BinaryPrimitives.ReadUInt32LittleEndian(trailer[12..]);
        end = BinaryPrimitives.ReadInt64LittleEndian(trailer[16..]);
        return BinaryPrimitives.ReadUInt64LittleEndian(trailer[32..]) == Magic
            && BinaryPrimitives.ReadUInt32LittleEndian(trailer[28..]) == TrailerCrc(trailer, header)
            && length >= 0 && offset >= SegmentHeader.Size && offset + length + TrailerSize == fileLength && end - header.Start == offset - SegmentHeader.Size;
    }

    /// <summary>Decodes a footer's body; null when its CRC does not match or it is no footer.</summary>
    public static SegmentIndex? Decode(ReadOnlySpan<byte> body, uint crc, in SegmentHeader header)
    {
        if (Crc32C.Of(body) != crc)
        {
            return null;
        }

        var reader = new VarReader(body);
        var index = new SegmentIndex();
        var position = header.Start;
        for (var i = reader.ReadCount(); i > 0; i--)
        {
            position += reader.Read();
            index.Snapshots.Add(position);
        }

        for (var i = reader.ReadCount(); i > 0; i--)
        {
            ReadPartition(ref reader, index, header.Start);
        }

        return reader.Failed || !reader.AtEnd ? null : index;
    }

    private static void WritePartition(VarWriter body, StreamPartition partition, IReadOnlyList<IndexedBatch> batches, long start)
    {
        body.Write(partition.Stream);
        body.Write(partition.Partition);
        body.Write(batches.Count);
        var last = new IndexedBatch(start, 0, 0, -1, 0, 0, 0);
        foreach (var batch in batches)
        {
            body.Write(batch.Position - last.Position);
            body.Write(batch.PayloadLength);
            body.Write(batch.FirstOffset - last.LastOffset - 1);
            body.Write(batch.LastOffset - batch.FirstOffset);
            body.Write(batch.Events);
            body.WriteSigned(unchecked(batch.MaxTimestamp - last.MaxTimestamp));
            body.WriteSigned(batch.RecordedAtMicros - last.RecordedAtMicros);
            last = batch;
        }
    }

    private static void ReadPartition(ref VarReader reader, SegmentIndex index, long start)
    {
        var partition = new StreamPartition((int)reader.Read(), (int)reader.Read());
        var last = new IndexedBatch(start, 0, 0, -1, 0, 0, 0);
        for (var i = reader.ReadCount(); i > 0 && !reader.Failed; i--)
        {
            var position = last.Position + reader.Read();
            var length = (int)reader.Read();
            var first = last.LastOffset + 1 + reader.Read();
            last = new IndexedBatch(
                position, length, first, first + reader.Read(), (int)reader.Read(), unchecked(last.MaxTimestamp + reader.ReadSigned()), last.RecordedAtMicros + reader.ReadSigned());
            index.TryAdd(partition, last);
        }
    }

    private static uint TrailerCrc(ReadOnlySpan<byte> trailer, in SegmentHeader header)
    {
        Span<byte> seed = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(seed, header.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(seed[4..], header.Number);
        return Crc32C.Append(Crc32C.Of(seed), trailer[..28]);
    }
}
