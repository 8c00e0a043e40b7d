using TattleTail.Log;

namespace TattleTail.Server.Http.Channels;

/// <summary>What is told of an incarnation of a channel: how much it holds, how much of it is archived, how old the rest is.</summary>
/// <param name="Events">Offsets from the first served to the next.</param>
/// <param name="FirstTimeMillis">The first event's timestamp as sent.</param>
/// <param name="LastTimeMillis">The largest timestamp as sent.</param>
/// <param name="JournalEvents">Offsets that are not yet archived.</param>
/// <param name="SealedEvents">Events in the archive.</param>
/// <param name="SealedFiles">Its files.</param>
/// <param name="SealedBytes">Their bytes.</param>
/// <param name="OldestUnsealed">How long ago the first unsealed event was recorded.</param>
public sealed record ChannelFigures(
    long Events, long? FirstTimeMillis, long? LastTimeMillis, long JournalEvents, long SealedEvents, int SealedFiles, long SealedBytes, TimeSpan? OldestUnsealed)
{
    /// <summary>Collects the figures; reads at most two batches a partition.</summary>
    public static async ValueTask<ChannelFigures> OfAsync(EventLog log, Channel channel, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(clock);
        long events = 0, unsealed = 0;
        long? first = null, last = null, oldest = null;
        foreach (var partition in channel.Partitions.Where(p => p.HighWatermark > p.StartOffset))
        {
            events += partition.HighWatermark - partition.StartOffset;
            unsealed += Math.Max(0, partition.HighWatermark - partition.SealedThrough);
            first = Least(first, (await log.FindByTimeAsync(partition, long.MinValue, LogClock.Event, cancel))?.Time);
            last = Greatest(last, (await log.FindMaxTimestampAsync(partition, cancel))?.Time);
            oldest = Least(oldest, await FirstUnsealedAsync(log, partition, cancel));
        }

        var files = log.Archive?.Files(channel.Name).Where(f => f.Stream.TopicId == channel.TopicId).ToList() ?? [];
        TimeSpan? age = oldest is { } micros ? clock.GetUtcNow() - DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond) : null;
        return new ChannelFigures(events, first, last, unsealed, files.Sum(f => f.Events), files.Count, files.Sum(f => f.Size), age);
    }

    private static async ValueTask<long?> FirstUnsealedAsync(EventLog log, LogPartition partition, CancellationToken cancel)
    {
        var from = Math.Max(partition.SealedThrough, partition.StartOffset);
        if (from >= partition.HighWatermark)
        {
            return null;
        }

        using var read = await log.ReadAsync(partition, from, 1, cancel);
        return read.Batches.Count == 0 ? null : read.Batches[0].RecordedAtMicros;
    }

    private static long? Least(long? a, long? b) => a is null || b < a ? b : a;

    private static long? Greatest(long? a, long? b) => a is null || b > a ? b : a;
}
