using System.Runtime.InteropServices;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>Reads durable entries. A segment is held only while bytes are copied out of it.</summary>
internal sealed class JournalReader(JournalOptions options, SegmentCatalog catalog)
{
    /// <summary>Most segments that one read opens, so that a quiet partition does not read through the whole journal at once.</summary>
    private const int MaxSegments = 4;

    /// <summary>Batches are read together into buffers of this size, but for larger ones.</summary>
    private const int BufferBytes = 256 * 1024;

    private readonly record struct Found(Segment Segment, IndexedBatch Batch)
    {
        public long EntrySize => EntryHeader.SizeOf(Batch.PayloadLength);
    }

    /// <summary>Batches of one partition from an offset on.</summary>
    public JournalRead Read(StreamPartition partition, long fromOffset, int maxBytes, long durable)
    {
        var held = new List<Segment>();
        var read = new JournalRead();
        try
        {
            var found = Find(partition, fromOffset, durable, Math.Max(1, maxBytes), held);
            var fitting = Fitting(found, maxBytes);
            for (var first = 0; first < fitting;)
            {
                first += Load(CollectionsMarshal.AsSpan(found)[first..fitting], read);
            }

            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
        finally
        {
            held.ForEach(catalog.Release);
        }
    }

    /// <summary>First offset of the first batch at or after a time.</summary>
    public long? FindTime(StreamPartition partition, long fromOffset, long time, bool byRecorded, long durable)
    {
        var normal = FindTime(new ListKey(partition, Relocated: false), fromOffset, time, byRecorded, durable);
        var relocated = FindTime(new ListKey(partition, Relocated: true), fromOffset, time, byRecorded, durable);
        return normal is { } n && relocated is { } r ? Math.Min(n, r) : normal ?? relocated;
    }

    /// <summary>All entries between two positions in order; a relocated copy whose original is still there is left out.</summary>
    public async IAsyncEnumerable<JournalEntry> ReadEntriesAsync(long from, long to)
    {
        var position = from;
        while (position < to && catalog.HoldAbove(position) is { } segment)
        {
            await Task.Yield();
            try
            {
                var end = Math.Min(segment.End, to);
                using var reader = new EntryReader(segment, options.MaxEntryBytes);
                for (position = Math.Max(position, segment.Start); position < end;)
                {
                    if (!reader.TryRead(position, end, out var headerIsSound))
                    {
                        position = SkipDamage(segment, reader, position, end, headerIsSound);
                        continue;
                    }

                    var at = position;
                    position += reader.Header.EntrySize;
                    if (TryDecode(reader, at, out var entry))
                    {
                        yield return entry;
                    }
                }

                position = Math.Max(position, segment.End);
            }
            finally
            {
                catalog.Release(segment);
            }
        }
    }

    private long SkipDamage(Segment segment, EntryReader reader, long position, long end, bool headerIsSound)
    {
        var next = reader.FindHeader(position + (headerIsSound ? reader.Header.EntrySize : EntryHeader.Alignment), end) ?? end;
        catalog.NoteDamage(segment, new JournalCorruption(segment.Number, position, next, headerIsSound ? "an entry's bytes do not match its checksum" : "no entry where one was"));
        return next;
    }

    private bool TryDecode(EntryReader reader, long position, out JournalEntry entry)
    {
        var kind = reader.Header.Kind;
        if (kind is not (EntryKind.Batch or EntryKind.Relocated))
        {
            entry = new JournalEntry(position, kind, default, default, reader.Payload);
            return true;
        }

        entry = default;
        if (!BatchPayloadCodec.TryRead(reader.Payload, out var partition, out var batch)
            || (kind == EntryKind.Relocated && !batch.Batch.IsEmpty && HasOriginal(partition, IndexedBatch.Of(position, reader.Header.PayloadLength, batch))))
        {
            return false;
        }

        entry = new JournalEntry(position, kind, partition, batch, default);
        return true;
    }

    private bool HasOriginal(StreamPartition partition, in IndexedBatch copy)
    {
        var held = new List<Segment>();
        try
        {
            var original = Collect(new ListKey(partition, Relocated: false), copy.FirstOffset, copy.Position, 1, held, out _);
            return original.Count > 0 && original[0].Batch.Overlaps(copy);
        }
        finally
        {
            held.ForEach(catalog.Release);
        }
    }

    private List<Found> Find(StreamPartition partition, long fromOffset, long durable, long maxBytes, List<Segment> held)
    {
        var normal = Collect(new ListKey(partition, Relocated: false), fromOffset, durable, maxBytes, held, out var normalHorizon);
        var copies = Collect(new ListKey(partition, Relocated: true), fromOffset, durable, maxBytes, held, out var copyHorizon);
        if (copies.Count == 0)
        {
            return normal;
        }

        var horizon = Math.Min(normalHorizon, copyHorizon);
        copies.RemoveAll(copy => normal.Exists(original => original.Batch.Overlaps(copy.Batch)));
        normal.AddRange(copies);
        normal.RemoveAll(found => found.Batch.FirstOffset > horizon);
        normal.Sort((a, b) => a.Batch.FirstOffset.CompareTo(b.Batch.FirstOffset));
        return normal;
    }

    /// <summary>A list's batches from an offset on. What lies above <paramref name="horizon"/> may be missing.</summary>
    private List<Found> Collect(ListKey key, long fromOffset, long durable, long maxBytes, List<Segment> held, out long horizon)
    {
        var found = new List<Found>();
        var left = maxBytes;
        for (var i = 0; left > 0 && i < MaxSegments; i++)
        {
            if (catalog.Hold(key, fromOffset) is not { } run)
            {
                horizon = long.MaxValue;
                return found;
            }

            held.Add(run.Segment);
            foreach (var batch in catalog.Batches(run.Segment, key, fromOffset, durable, left))
            {
                found.Add(new Found(run.Segment, batch));
                left -= batch.PayloadLength;
            }

            if (run.Segment.IsOpen || (found.Count > 0 && found[^1].Batch.LastOffset < run.Last))
            {
                break;
            }

            fromOffset = run.Last + 1;
        }

        horizon = found.Count > 0 ? found[^1].Batch.LastOffset : long.MaxValue;
        return found;
    }

    private long? FindTime(ListKey key, long fromOffset, long time, bool byRecorded, long durable)
    {
        while (catalog.Hold(key, fromOffset) is { } run)
        {
            try
            {
                if ((byRecorded ? run.LastRecordedAt : run.MaxTimestamp) >= time)
                {
                    foreach (var batch in catalog.Batches(run.Segment, key, fromOffset, durable, long.MaxValue))
                    {
                        if ((byRecorded ? batch.RecordedAtMicros : batch.MaxTimestamp) >= time)
                        {
                            return batch.FirstOffset;
                        }
                    }
                }

                if (run.Last == long.MaxValue)
                {
                    return null;
                }

                fromOffset = run.Last + 1;
            }
            finally
            {
                catalog.Release(run.Segment);
            }
        }

        return null;
    }

    /// <summary>How many batches have no more than so many bytes; at least one when there is one.</summary>
    private static int Fitting(List<Found> found, long maxBytes)
    {
        var count = 0;
        foreach (var f in found)
        {
            maxBytes -= f.Batch.PayloadLength;
            if (maxBytes < 0 && count > 0)
            {
                break;
            }

            count++;
        }

        return count;
    }

    /// <summary>Reads as many batches as fit one buffer; returns how many.</summary>
    private int Load(ReadOnlySpan<Found> found, JournalRead read)
    {
        var count = 1;
        var bytes = found[0].EntrySize;
        while (count < found.Length && bytes + found[count].EntrySize <= BufferBytes)
        {
            bytes += found[count++].EntrySize;
        }

        var buffer = read.Rent(checked((int)bytes)).AsMemory(0, (int)bytes);
        for (var i = 0; i < count;)
        {
            var run = Neighbours(found[i..count], out var size);
            var entries = buffer[..size];
            buffer = buffer[size..];
            entries = entries[..found[i].Segment.File.Read(found[i].Segment.FileOffset(found[i].Batch.Position), entries.Span)];
            for (; run > 0; run--, i++)
            {
                read.Add(Decode(found[i], entries));
                entries = entries[(int)Math.Min(found[i].EntrySize, entries.Length)..];
            }
        }

        return count;
    }

    /// <summary>How many entries, from the first on, stand one right behind the other, and their size together.</summary>
    private static int Neighbours(ReadOnlySpan<Found> found, out int size)
    {
        var count = 1;
        long bytes = found[0].EntrySize;
        while (count < found.Length && found[count].Segment == found[0].Segment && found[count].Batch.Position == found[0].Batch.Position + bytes)
        {
            bytes += found[count++].EntrySize;
        }

        size = (int)bytes;
        return count;
    }

    private BatchPayload Decode(in Found found, ReadOnlyMemory<byte> entries)
    {
        var (segment, batch) = found;
        if (entries.Length < EntryHeader.Size + batch.PayloadLength
            || !EntryHeader.TryRead(entries.Span, segment.Header.Epoch, batch.Position, out var header)
            || header.PayloadLength != batch.PayloadLength
            || entries.Slice(EntryHeader.Size, batch.PayloadLength) is var bytes && Crc32C.Of(bytes.Span) != header.PayloadCrc
            || !BatchPayloadCodec.TryRead(bytes, out _, out var payload))
        {
            catalog.NoteDamage(segment, new JournalCorruption(segment.Number, batch.Position, batch.Position + found.EntrySize, "an entry's bytes do not match its checksum"));
            throw new JournalDamagedException(segment.File.Path, batch.Position, batch.FirstOffset, batch.LastOffset);
        }

        return payload;
    }
}
