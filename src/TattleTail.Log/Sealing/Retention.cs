using TattleTail.Archive;
using TattleTail.Log.State;

namespace TattleTail.Log.Sealing;

/// <summary>
/// A finite <c>retention.ms</c> moves the first offset served past archived files all of whose timestamps are older. Nothing is deleted, and what is still in the journal is served.
/// </summary>
internal sealed class Retention(LogCore log)
{
    public async ValueTask MoveStartsAsync(EventArchive archive)
    {
        IReadOnlyList<Channel> channels;
        lock (log.Gate)
        {
            channels = log.Channels.All;
        }

        var now = log.NowMicros / 1_000;
        foreach (var channel in channels)
        {
            if (channel.Config.RetentionMs < 0 || channel.IsClosed)
            {
                continue;
            }

            foreach (var partition in channel.Partitions)
            {
                var start = partition.StartOffset;
                var moved = StartAt(archive, partition, start, now - channel.Config.RetentionMs);
                if (moved > start)
                {
                    await log.AppendAsync(new LogStartMoved(channel.Stream, partition.Index, moved));
                }
            }
        }
    }

    private static long StartAt(EventArchive archive, LogPartition partition, long start, long oldest)
    {
        while (archive.FindByOffset(partition.Channel.TopicId, partition.Index, start) is { } file
            && file.Partitions.FirstOrDefault(p => p.Partition == partition.Index) is { } range && range.MaxTimestamp < oldest && range.LastOffset >= start)
        {
            start = range.LastOffset + 1;
        }

        return start;
    }
}
