using System.Buffers.Binary;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>A footer's directory: what each list of the segment holds and where it stands, and the snapshots.</summary>
internal sealed record FooterDirectory(ListSummary[] Lists, long[] Snapshots, long End);

/// <summary>
/// The index of a closed segment behind its last entry: a directory, the lists of batches, and the 64 bytes at the end of the file that point to them. Layout: docs/formats/journal.md, "Footer".
/// </summary>
internal static class SegmentFooter
{
    public const int TrailerSize = 64;

    private const ulong Magic = 0x31544F4F4654_5454; // "TTTFOOT1" in the order of the file

    /// <summary>Encodes a footer that is to stand at <paramref name="fileOffset"/>.</summary>
    public static byte[] Encode(SegmentIndex index, in SegmentHeader header, long fileOffset, long end)
    {
        var lists = new VarWriter();
        var directory = new VarWriter();
        directory.Write(index.Snapshots.Count);
        var previous = header.Start;
        foreach (var snapshot in index.Snapshots)
        {
            directory.Write(snapshot - previous);
            previous = snapshot;
        }

        var sorted = index.SortedLists();
        directory.Write(sorted.Count);
        foreach (var (key, batches) in sorted)
        {
            var at = lists.Length;
            WriteList(lists, batches, header.Start);
            WriteSummary(directory, ListSummary.Of(key, batches), lists.Written[at..]);
        }

        var footer = new byte[directory.Length + lists.Length + TrailerSize];
        directory.Written.CopyTo(footer);
        lists.Written.CopyTo(footer.AsSpan(directory.Length));
        var trailer = footer.AsSpan(directory.Length + lists.Length);
        BinaryPrimitives.WriteInt64LittleEndian(trailer, fileOffset);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[8..], directory.Length);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[12..], lists.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[16..], Crc32C.Of(directory.Written));
        BinaryPrimitives.WriteInt64LittleEndian(trailer[24..], end);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[52..], TrailerCrc(trailer, header));
        BinaryPrimitives.WriteUInt64LittleEndian(trailer[56..], Magic);
        return footer;
    }

    /// <summary>Reads the directory of a segment's footer; null when the file has no sound one of this segment's life.</summary>
    public static FooterDirectory? TryRead(Segment segment)
    {
        var length = segment.File.Length;
        var trailer = new byte[TrailerSize];
        if (length < SegmentHeader.EntriesAt + TrailerSize || segment.File.Read(length - TrailerSize, trailer) < TrailerSize)
        {
            return null;
        }

        var offset = BinaryPrimitives.ReadInt64LittleEndian(trailer);
        var directoryLength = BinaryPrimitives.ReadInt32LittleEndian(trailer.AsSpan(8));
        var listsLength = BinaryPrimitives.ReadInt32LittleEndian(trailer.AsSpan(12));
        var end = BinaryPrimitives.ReadInt64LittleEndian(trailer.AsSpan(24));
        if (BinaryPrimitives.ReadUInt64LittleEndian(trailer.AsSpan(56)) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(52)) != TrailerCrc(trailer, segment.Header)
            || directoryLength < 0 || listsLength < 0 || offset < SegmentHeader.EntriesAt
            || offset + directoryLength + listsLength + TrailerSize != length || end != segment.Start + offset - SegmentHeader.EntriesAt)
        {
            return null;
        }

        var directory = new byte[directoryLength];
        return segment.File.Read(offset, directory) == directoryLength && Crc32C.Of(directory) == BinaryPrimitives.ReadUInt32LittleEndian(trailer.AsSpan(16))
            ? DecodeDirectory(directory, segment.Start, end, offset + directoryLength, listsLength)
            : null;
    }

    /// <summary>Decodes a list; null when its CRC does not match or it is no list of that segment.</summary>
    public static List<IndexedBatch>? DecodeList(ReadOnlySpan<byte> bytes, in ListSummary summary, long start, long end, int maxEntryBytes)
    {
        if (Crc32C.Of(bytes) != summary.Place.Crc)
        {
            return null;
        }

        var reader = new VarReader(bytes);
        var batches = new List<IndexedBatch>(Math.Min(summary.Batches, bytes.Length));
        var last = new IndexedBatch(start, 0, 0, -1, 0, 0, 0);
        for (var i = 0; i < summary.Batches && !reader.Failed; i++)
        {
            var position = unchecked(last.Position + reader.Read());
            var length = reader.Read();
            var first = unchecked(last.LastOffset + 1 + reader.Read());
            var lastOffset = unchecked(first + reader.Read());
            var events = reader.Read();
            if (position < start || position >= end || length > maxEntryBytes || lastOffset < first || events > int.MaxValue)
            {
                return null;
            }

            last = new IndexedBatch(
                position, (int)length, first, lastOffset, (int)events, unchecked(last.MaxTimestamp + reader.ReadSigned()), unchecked(last.RecordedAtMicros + reader.ReadSigned()));
            batches.Add(last);
        }

        return reader.Failed || !reader.AtEnd ? null : batches;
    }

    private static void WriteList(VarWriter target, IReadOnlyList<IndexedBatch> batches, long start)
    {
        var last = new IndexedBatch(start, 0, 0, -1, 0, 0, 0);
        foreach (var batch in batches)
        {
            target.Write(batch.Position - last.Position);
            target.Write(batch.PayloadLength);
            target.Write(batch.FirstOffset - last.LastOffset - 1);
            target.Write(batch.LastOffset - batch.FirstOffset);
            target.Write(batch.Events);
            target.WriteSigned(unchecked(batch.MaxTimestamp - last.MaxTimestamp));
            target.WriteSigned(unchecked(batch.RecordedAtMicros - last.RecordedAtMicros));
            last = batch;
        }
    }

    private static void WriteSummary(VarWriter target, in ListSummary summary, ReadOnlySpan<byte> list)
    {
        target.Write(summary.Key.Partition.Stream);
        target.Write(summary.Key.Partition.Partition);
        target.Write(summary.Key.Relocated ? 1 : 0);
        target.Write(summary.Batches);
        target.Write(summary.FirstOffset);
        target.Write(summary.LastOffset - summary.FirstOffset);
        target.Write(summary.Events);
        target.Write(summary.Bytes);
        target.WriteSigned(summary.FirstRecordedAt);
        target.WriteSigned(unchecked(summary.LastRecordedAt - summary.FirstRecordedAt));
        target.WriteSigned(summary.MaxTimestamp);
        target.Write(list.Length);
        target.Write(Crc32C.Of(list));
    }

    private static FooterDirectory? DecodeDirectory(ReadOnlySpan<byte> bytes, long start, long end, long listsAt, int listsLength)
    {
        var reader = new VarReader(bytes);
        var snapshots = new long[reader.ReadCount()];
        var position = start;
        for (var i = 0; i < snapshots.Length; i++)
        {
            position += reader.Read();
            snapshots[i] = position;
        }

        var lists = new ListSummary[reader.ReadCount()];
        var at = 0L;
        for (var i = 0; i < lists.Length && !reader.Failed; i++)
        {
            lists[i] = ReadSummary(ref reader, listsAt + at);
            at += lists[i].Place.Length;
            if (at > listsLength || lists[i].Bytes > end - start || lists[i].Batches == 0 || (i > 0 && lists[i - 1].Key.CompareTo(lists[i].Key) >= 0))
            {
                return null;
            }
        }

        return reader.Failed || !reader.AtEnd || at != listsLength || Array.Exists(snapshots, s => s < start || s >= end) ? null : new FooterDirectory(lists, snapshots, end);
    }

    private static ListSummary ReadSummary(ref VarReader reader, long place)
    {
        var key = new ListKey(new StreamPartition(reader.ReadInt(), reader.ReadInt()), reader.Read() == 1);
        var batches = reader.ReadInt();
        var first = reader.Read();
        var last = unchecked(first + reader.Read());
        var events = reader.Read();
        var bytes = reader.Read();
        var firstRecorded = reader.ReadSigned();
        var lastRecorded = unchecked(firstRecorded + reader.ReadSigned());
        return new ListSummary(
            key, batches, first, last, events, bytes, firstRecorded, lastRecorded, reader.ReadSigned(), new ListPlace(place, reader.ReadInt(), unchecked((uint)reader.Read())));
    }

    private static uint TrailerCrc(ReadOnlySpan<byte> trailer, in SegmentHeader header)
    {
        Span<byte> seed = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(seed, header.Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(seed[4..], header.Number);
        return Crc32C.Append(Crc32C.Of(seed), trailer[..52]);
    }
}
