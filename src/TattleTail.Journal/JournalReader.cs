using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>Reads durable entries. A segment is held only while bytes are copied out of it.</summary>
internal sealed class JournalReader(JournalOptions options, SegmentCatalog catalog)
{
    /// <summary>Most segments that one read opens, so that a quiet partition does not read through the whole journal at once.</summary>
    private const int MaxSegments = 4;

    private readonly record struct Found(Segment Segment, IndexedBatch Batch);

    /// <summary>Batches of one partition from an offset on.</summary>
    public JournalRead Read(StreamPartition partition, long fromOffset, int maxBytes, long durable)
    {
        var held = new List<Segment>();
        var read = new JournalRead();
        try
        {
            long left = Math.Max(1, maxBytes);
            foreach (var (segment, batch) in Find(partition, fromOffset, durable, left, held))
            {
                if (read.Batches.Count > 0 && batch.PayloadLength > left)
                {
                    break;
                }

                read.Add(Load(segment, batch, read));
                left -= batch.PayloadLength;
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

    private BatchPayload Load(Segment segment, in IndexedBatch batch, JournalRead read)
    {
        var length = EntryHeader.Size + batch.PayloadLength;
        var entry = read.Rent(length).AsMemory(0, length);
        if (segment.File.Read(segment.FileOffset(batch.Position), entry.Span) < length
            || !EntryHeader.TryRead(entry.Span, segment.Header.Epoch, batch.Position, out var header)
            || header.PayloadLength != batch.PayloadLength
            || Crc32C.Of(entry.Span[EntryHeader.Size..]) != header.PayloadCrc
            || !BatchPayloadCodec.TryRead(entry[EntryHeader.Size..], out _, out var payload))
        {
            var end = batch.Position + EntryHeader.SizeOf(batch.PayloadLength);
            catalog.NoteDamage(segment, new JournalCorruption(segment.Number, batch.Position, end, "an entry's bytes do not match its checksum"));
            throw new JournalDamagedException(segment.File.Path, batch.Position, batch.FirstOffset, batch.LastOffset);
        }

        return payload;
    }
}
