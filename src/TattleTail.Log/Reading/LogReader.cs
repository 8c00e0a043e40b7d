using TattleTail.Events.RecordBatches;
using TattleTail.Journal;

namespace TattleTail.Log.Reading;

/// <summary>
/// One partition as one log. The journal serves what it still holds, the archive what lies before; while a reader is between the two, a segment may be trimmed or the journal replaced:
/// then it looks again.
/// </summary>
internal sealed class LogReader(LogCore log, ArchiveAccess archive, SealFirst sealFirst)
{
    /// <summary>See <see cref="EventLog.ReadAsync"/>.</summary>
    public async ValueTask<LogRead> ReadAsync(LogPartition partition, long from, int maxBytes, LogScope scope, CancellationToken cancel)
    {
        var start = partition.FirstOffset(scope);
        var high = partition.HighWatermark;
        if (from < start || from > high)
        {
            throw new OffsetOutOfRangeException(from, start, high);
        }

        await sealFirst.BeforeReadAsync(partition, high);
        while (from < high)
        {
            cancel.ThrowIfCancellationRequested();
            var journal = log.Journal;
            try
            {
                var read = await ReadOnceAsync(journal, partition, from, high, maxBytes, cancel);
                if (read is not null)
                {
                    return read;
                }
            }
            catch (JournalDamagedException e) when (e.FirstOffset > from && maxBytes > 1)
            {
                // Sound batches lie before the damage: up to it, one at a time.
                maxBytes = 1;
            }
            catch (JournalDamagedException e) when (e.LastOffset >= from)
            {
                // The sealer writes the loss to the ledger when it comes by; readers go on behind it.
                from = Math.Min(e.LastOffset + 1, high);
            }
            catch (Exception e) when (e is ObjectDisposedException or IOException && !ReferenceEquals(journal, log.Journal))
            {
                // The journal was reopened meanwhile; the new one serves the same events.
            }
        }

        return new LogRead([], high, from, null);
    }

    /// <summary>Null when the journal lost its beginning between the look and the read: look again.</summary>
    private async ValueTask<LogRead?> ReadOnceAsync(WriteAheadJournal journal, LogPartition partition, long from, long high, int maxBytes, CancellationToken cancel)
    {
        var key = partition.State.Key;
        var journalStart = partition.ServedFrom(journal, high);
        if (from < journalStart && partition.SealedThrough > from && await ReadArchiveAsync(partition, from, journalStart, high, maxBytes, cancel) is { } archived)
        {
            return archived;
        }

        var read = await journal.ReadAsync(key, from, maxBytes);
        var batches = Below(read.Batches, high, out var next);
        if (batches.Count > 0 && IsTrimmedAway(partition, journal, from, high, journalStart, batches))
        {
            read.Dispose();
            return null;
        }

        if (batches.Count > 0)
        {
            return new LogRead(batches, high, next, read);
        }

        read.Dispose();

        // Nothing between here and the high watermark is a gap, unless a trim took it just now.
        return partition.ServedFrom(journal, high) == journalStart ? new LogRead([], high, high, null) : null;
    }

    /// <summary>The journal's first batch lies above what was asked for and above where its first batch was: the segment between was trimmed, the archive has its events.</summary>
    private static bool IsTrimmedAway(LogPartition partition, WriteAheadJournal journal, long from, long high, long journalStart, List<LogBatch> batches)
    {
        RecordBatchHeader.TryRead(batches[0].Batch.Span, out var first);
        return first.BaseOffset > Math.Max(from, journalStart) && partition.ServedFrom(journal, high) != journalStart;
    }

    private static List<LogBatch> Below(IReadOnlyList<BatchPayload> batches, long high, out long next)
    {
        var below = new List<LogBatch>(batches.Count);
        next = high;
        foreach (var batch in batches)
        {
            if (!RecordBatchHeader.TryRead(batch.Batch.Span, out var header) || header.BaseOffset >= high)
            {
                break;
            }

            below.Add(new LogBatch(batch.RecordedAtMicros, batch.Batch));
            next = header.LastOffset + 1;
        }

        return below;
    }

    /// <summary>Null when the archive holds nothing between here and the journal.</summary>
    private async ValueTask<LogRead?> ReadArchiveAsync(LogPartition partition, long from, long journalStart, long high, int maxBytes, CancellationToken cancel)
    {
        var archived = await archive.RequiredAsync(cancel);
        if (archived.FindByOffset(partition.Channel.TopicId, partition.Index, from) is not { } file)
        {
            return null;
        }

        var read = await archived.ReadAsync(file, partition.Index, from, maxBytes, cancel);
        var batches = new List<LogBatch>(read.Batches.Count);
        var next = from;
        foreach (var batch in read.Batches)
        {
            RecordBatchHeader.TryRead(batch.Batch.Span, out var header);
            if (header.BaseOffset >= journalStart)
            {
                break;
            }

            batches.Add(new LogBatch(batch.RecordedAtMicros.Span[0], batch.Batch, batch.RecordedAtMicros));
            next = header.LastOffset + 1;
        }

        if (batches.Count > 0)
        {
            return new LogRead(batches, high, Math.Min(next, high), read);
        }

        read.Dispose();
        return null;
    }
}
