using TattleTail.Log.Reading;
using TattleTail.Log.Sealing;

namespace TattleTail.Log;

/// <summary>Adds up figures for metrics and listings.</summary>
internal sealed class FigureSheet(LogCore log, ArchiveAccess archive, Sealer sealer)
{
    private (long Version, long Files, long Bytes) _archive = (-1, 0, 0);

    public LogFigures Now()
    {
        var (files, bytes) = OfArchive();
        lock (log.Gate)
        {
            long unsealed = 0, oldest = long.MaxValue;
            foreach (var channel in log.State.Channels)
            {
                foreach (var partition in channel.Partitions)
                {
                    unsealed += partition.Events - partition.SealedEvents;
                    oldest = partition.OldestUnsealed < 0 ? oldest : Math.Min(oldest, partition.OldestUnsealed);
                }
            }

            var age = oldest == long.MaxValue ? TimeSpan.Zero : AgeOf(oldest);
            return new LogFigures(
                log.Journal.Bytes, log.Options.JournalQuotaBytes, unsealed, age, sealer.Failures, files, bytes, log.EventsAppended, log.BytesAppended);
        }
    }

    public IReadOnlyList<ChannelFigures> OfChannels()
    {
        lock (log.Gate)
        {
            return [.. log.Channels.All.Select(c => new ChannelFigures(c, [.. c.Partitions.Select(Of)]))];
        }
    }

    private PartitionFigures Of(LogPartition partition)
    {
        var state = partition.State;
        var any = state.Events > 0;
        return new PartitionFigures(
            partition.Index, state.LogStart, partition.HighWatermark, state.SealedThrough, partition.JournalStart, state.Events, state.Bytes, state.SealedEvents,
            state.Bytes - state.SealedBytes, any ? state.FirstTimestamp : null, any ? state.LastTimestamp : null, TimeOf(state.FirstRecordedAt), TimeOf(state.LastRecordedAt),
            state.OldestUnsealed < 0 ? null : AgeOf(state.OldestUnsealed));
    }

    private static DateTimeOffset? TimeOf(long micros) => micros < 0 ? null : LogCore.TimeOf(micros);

    private TimeSpan AgeOf(long micros) => TimeSpan.FromTicks(Math.Max(0, log.NowMicros - micros) * TimeSpan.TicksPerMicrosecond);

    /// <summary>Added up again only when the table has a new version.</summary>
    private (long Files, long Bytes) OfArchive()
    {
        if (archive.Archive is not { } open)
        {
            return (0, 0);
        }

        var version = open.Version;
        lock (log.Gate)
        {
            if (_archive.Version == version)
            {
                return (_archive.Files, _archive.Bytes);
            }
        }

        var files = open.Files();
        var bytes = files.Sum(f => f.Size);
        lock (log.Gate)
        {
            _archive = (version, files.Count, bytes);
        }

        return (files.Count, bytes);
    }
}
