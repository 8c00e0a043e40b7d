using TattleTail.Archive;
using TattleTail.Events.RecordBatches;
using TattleTail.Log.Reading;
using TattleTail.Log.Recovery;
using TattleTail.Log.State;
using TattleTail.Storage;

namespace TattleTail.Log.Sealing;

/// <summary>Opens the archive and brings the node's state and the archive's positions together, at the start and whenever a commit finds the archive elsewhere than expected.</summary>
internal sealed class ArchiveOpening(LogCore log, ArchiveAccess access, Ledger ledger, UnsealedRead unsealed)
{
    private IObjectStore? _store;

    /// <summary>Opens store and archive unless they are open.</summary>
    public async ValueTask<EventArchive> OpenAsync()
    {
        if (access.Archive is { } open)
        {
            return open;
        }

        _store ??= await log.Ports.OpenStore();
        var archive = await EventArchive.OpenAsync(new ArchiveOptions { Store = _store, Clock = log.Ports.Clock, Random = log.Ports.Random, Workers = log.Ports.ArchiveReads });
        try
        {
            await ReconcileAsync(archive);
        }
        catch
        {
            archive.Dispose();
            throw;
        }

        access.Opened(archive, _store);
        return archive;
    }

    /// <summary>
    /// Learns of commits whose state change was lost in a crash. An archive that is behind the state has lost files: nothing more is sealed into it, because its gap would never show.
    /// </summary>
    public async ValueTask ReconcileAsync(EventArchive archive)
    {
        IReadOnlyList<Channel> channels;
        lock (log.Gate)
        {
            channels = log.Channels.All;
        }

        var parts = new List<SealedPart>();
        var skipped = new List<FoundGap>();
        foreach (var partition in channels.SelectMany(c => c.Partitions))
        {
            var archived = archive.SealedThrough(partition.Channel.TopicId, partition.Index) ?? 0;
            var known = partition.SealedThrough;
            if (archived < known)
            {
                throw new ArchiveFormatException(
                    $"the archive ends at offset {archived} of {partition.Channel.Name}/{partition.Index}, but {known} was committed to it: it is another archive, or an older copy; restore it");
            }

            if (archived > known)
            {
                await SkipToAsync(partition, archived, skipped);
                parts.Add(await CountAsync(partition, known, archived));
            }
        }

        if (parts.Count > 0)
        {
            await log.AppendAsync(new Sealed(parts));
        }

        await ledger.WriteAsync(skipped);
    }

    /// <summary>Offsets that the archive holds and the journal never assigned, as after a restored disk, are never assigned again.</summary>
    private async ValueTask SkipToAsync(LogPartition partition, long archived, List<FoundGap> skipped)
    {
        Task<long> durable;
        lock (log.Gate)
        {
            var next = partition.State.NextOffset;
            if (archived <= next)
            {
                return;
            }

            log.RequireJournal();
            durable = log.Queue(new OffsetsSkipped(partition.Channel.Stream, partition.Index, archived));
            skipped.Add(new FoundGap(partition.State, new OffsetGap(next, archived), false, "the journal is older than the archive: these offsets are in the archive alone"));
        }

        await LogCore.DurableAsync(durable);
        lock (log.Gate)
        {
            partition.Advance();
            partition.SkipTo(archived);
        }

        partition.Wake();
    }

    private async ValueTask<SealedPart> CountAsync(LogPartition partition, long from, long to)
    {
        long events = 0, bytes = 0, restSince;
        lock (log.Gate)
        {
            restSince = partition.State.OldestUnsealed;
        }

        while (from < to)
        {
            using var read = await unsealed.ReadAsync(partition, from);
            var before = from;
            foreach (var payload in read.Batches)
            {
                if (!RecordBatchHeader.TryRead(payload.Batch.Span, out var header) || header.BaseOffset >= to)
                {
                    break;
                }

                (events, bytes, restSince) = (events + header.Count, bytes + header.TotalSize, payload.RecordedAtMicros);
                from = header.LastOffset + 1;
            }

            if (from == before)
            {
                break;
            }
        }

        return new SealedPart(partition.Channel.Stream, partition.Index, to, events, bytes, restSince);
    }
}
