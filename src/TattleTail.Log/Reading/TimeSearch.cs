using TattleTail.Archive;
using TattleTail.Events.RecordBatches;
using TattleTail.Journal;

namespace TattleTail.Log.Reading;

/// <summary>Finds events by time, on either clock, over archive and journal as one.</summary>
internal sealed class TimeSearch(LogCore log, ArchiveAccess archive, SealFirst sealFirst)
{
    /// <summary>Bytes of archived events looked through at a time.</summary>
    private const int ReadBytes = 4 * 1024 * 1024;

    /// <summary>See <see cref="EventLog.FindByTimeAsync"/>.</summary>
    public async ValueTask<OffsetAndTime?> FindAsync(LogPartition partition, long time, LogClock clock, LogScope scope, CancellationToken cancel)
    {
        var high = partition.HighWatermark;
        var from = partition.FirstOffset(scope);
        await sealFirst.BeforeReadAsync(partition, high);
        while (true)
        {
            var journalStart = partition.ServedFrom(log.Journal, high);
            if (from < journalStart && partition.SealedThrough > from)
            {
                var found = await FindInArchiveAsync(partition, from, journalStart, time, clock, cancel);
                if (found is not null)
                {
                    return WithEpoch(partition, found.Value);
                }
            }

            var inJournal = await FindInJournalAsync(partition, Math.Max(from, journalStart), high, time, clock);
            if (partition.ServedFrom(log.Journal, high) <= journalStart)
            {
                return inJournal is { } hit ? WithEpoch(partition, hit) : null;
            }

            // A trim took the journal's beginning away meanwhile: what was there is looked for in the archive.
            from = Math.Max(from, journalStart);
        }
    }

    /// <summary>See <see cref="EventLog.FindMaxTimestampAsync"/>.</summary>
    public async ValueTask<OffsetAndTime?> FindMaxTimestampAsync(LogPartition partition, CancellationToken cancel)
    {
        var high = partition.HighWatermark;
        var from = partition.StartOffset;
        await sealFirst.BeforeReadAsync(partition, high);
        var journalStart = partition.ServedFrom(log.Journal, high);
        long? max = null;
        if (from < journalStart && partition.SealedThrough > from)
        {
            foreach (var file in (await archive.RequiredAsync(cancel)).FindByTime(partition.Channel.TopicId, partition.Index, from, long.MinValue, byRecorded: false))
            {
                var range = RangeOf(file, partition.Index);
                if (range.FirstOffset < journalStart && !(max >= range.MaxTimestamp))
                {
                    // A file that the start or the journal's beginning cuts may owe its maximum to an event outside.
                    var whole = range.FirstOffset >= from && range.LastOffset < journalStart;
                    max = whole ? range.MaxTimestamp : await MaxOfAsync(partition, file, from, journalStart, max, cancel);
                }
            }
        }

        max = await MaxInJournalAsync(partition, Math.Max(from, journalStart), high, max);
        if (partition.ServedFrom(log.Journal, high) > journalStart)
        {
            // A trim took the journal's beginning away meanwhile.
            return await FindMaxTimestampAsync(partition, cancel);
        }

        return max is { } time ? await FindAsync(partition, time, LogClock.Event, LogScope.Served, cancel) : null;
    }

    private static OffsetAndTime WithEpoch(LogPartition partition, (long Offset, long Time) hit) => new(hit.Offset, hit.Time, partition.EpochAt(hit.Offset));

    private static PartitionRange RangeOf(ArchiveFile file, int partition) => file.Partitions.First(p => p.Partition == partition);

    private async ValueTask<(long, long)?> FindInArchiveAsync(LogPartition partition, long from, long end, long time, LogClock clock, CancellationToken cancel)
    {
        foreach (var file in (await archive.RequiredAsync(cancel)).FindByTime(partition.Channel.TopicId, partition.Index, from, time, clock == LogClock.Recorded))
        {
            var range = RangeOf(file, partition.Index);
            if (range.FirstOffset >= end)
            {
                break;
            }

            var first = Math.Max(from, range.FirstOffset);
            var last = Math.Min(end - 1, range.LastOffset);
            var found = clock == LogClock.Event
                ? await FindTimestampAsync(partition.Index, file, first, last, time, cancel)
                : await FindRecordedAsync(partition.Index, file, first, last, time, cancel);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private async ValueTask<(long, long)?> FindTimestampAsync(int partition, ArchiveFile file, long first, long last, long time, CancellationToken cancel)
    {
        while (first <= last)
        {
            using var read = await ReadAsync(file, partition, first, ReadBytes, cancel);
            if (read.Batches.Count == 0)
            {
                return null;
            }

            foreach (var batch in read.Batches)
            {
                if (BatchSearch.FirstAtOrAfter(batch.Batch.Span, first, last, time, out var next) is { } hit)
                {
                    return hit;
                }

                first = next;
            }
        }

        return null;
    }

    /// <summary>
    /// The recorded clock never falls, so the first event recorded at or after a time is found by halving: a read at an offset tells when the event there was recorded.
    /// </summary>
    private async ValueTask<(long, long)?> FindRecordedAsync(int partition, ArchiveFile file, long first, long last, long time, CancellationToken cancel)
    {
        (long, long)? found = null;
        while (first <= last)
        {
            var middle = first + ((last - first) / 2);
            using var read = await ReadAsync(file, partition, middle, 1, cancel);
            var hit = read.Batches.Count > 0 ? BatchSearch.FirstFrom(read.Batches[0].Batch.Span, middle) : null;
            if (hit is not { } at || at.Offset > last)
            {
                last = middle - 1;
            }
            else if (read.Batches[0].RecordedAtMicros.Span[at.Index] is var recordedAt && recordedAt >= time)
            {
                found = (at.Offset, recordedAt);
                last = middle - 1;
            }
            else
            {
                first = at.Offset + 1;
            }
        }

        return found;
    }

    private async ValueTask<long?> MaxOfAsync(LogPartition partition, ArchiveFile file, long from, long end, long? max, CancellationToken cancel)
    {
        var range = RangeOf(file, partition.Index);
        var (first, last) = (Math.Max(from, range.FirstOffset), Math.Min(end - 1, range.LastOffset));
        while (first <= last)
        {
            using var read = await ReadAsync(file, partition.Index, first, ReadBytes, cancel);
            if (read.Batches.Count == 0)
            {
                break;
            }

            foreach (var batch in read.Batches)
            {
                max = BatchSearch.MaxOf(batch.Batch.Span, first, last, max);
                RecordBatchHeader.TryRead(batch.Batch.Span, out var header);
                first = header.LastOffset + 1;
            }
        }

        return max;
    }

    private async ValueTask<(long, long)?> FindInJournalAsync(LogPartition partition, long from, long high, long time, LogClock clock)
    {
        var journal = log.Journal;
        var key = partition.State.Key;
        while (from < high)
        {
            var at = await journal.FindAsync(key, from, time, clock == LogClock.Recorded);
            if (at is null || at >= high)
            {
                return null;
            }

            JournalRead read;
            try
            {
                read = await journal.ReadAsync(key, Math.Max(from, at.Value), 1);
            }
            catch (JournalDamagedException e) when (e.LastOffset >= from)
            {
                // What decayed is found no more; the search goes on behind it.
                from = e.LastOffset + 1;
                continue;
            }

            using var held = read;
            if (read.Batches.Count == 0)
            {
                return null;
            }

            var batch = read.Batches[0];
            if (clock == LogClock.Recorded)
            {
                return BatchSearch.FirstFrom(batch.Batch.Span, from) is { } first && first.Offset < high ? (first.Offset, batch.RecordedAtMicros) : null;
            }

            if (BatchSearch.FirstAtOrAfter(batch.Batch.Span, from, high - 1, time, out from) is { } hit)
            {
                return hit;
            }
        }

        return null;
    }

    /// <summary>
    /// Whether a batch reaches a time is what the journal's index answers; the largest time that one reaches is found by halving the range of times.
    /// </summary>
    private async ValueTask<long?> MaxInJournalAsync(LogPartition partition, long from, long high, long? max)
    {
        if (from >= high || max == long.MaxValue)
        {
            return max;
        }

        var low = max is { } known ? known + 1 : long.MinValue;
        if (await FindInJournalAsync(partition, from, high, low, LogClock.Event) is not { } first)
        {
            return max;
        }

        // Each step finds a real event, so its own time is the new floor; the ceiling halves whenever there is none.
        var (floor, ceiling) = (first.Item2, long.MaxValue);
        while (floor < ceiling)
        {
            var middle = (long)(((Int128)floor + ceiling + 1) >> 1);
            if (await FindInJournalAsync(partition, from, high, middle, LogClock.Event) is { } hit)
            {
                floor = hit.Item2;
            }
            else
            {
                ceiling = middle - 1;
            }
        }

        return floor;
    }

    private async ValueTask<ArchiveRead> ReadAsync(ArchiveFile file, int partition, long from, int maxBytes, CancellationToken cancel) =>
        await (await archive.RequiredAsync(cancel)).ReadAsync(file, partition, from, maxBytes, cancel);
}
