using Microsoft.AspNetCore.Http;
using TattleTail.Log;

namespace TattleTail.Server.Http.Reading;

/// <summary>Tells who got nothing what the newest time is, so that a wrong time or clock shows.</summary>
internal static class NewestTime
{
    public const string Header = "TattleTail-Newest-Time";

    public static async ValueTask AddAsync(HttpResponse response, EventLog log, IReadOnlyList<LogPartition> partitions, LogClock clock, CancellationToken cancel)
    {
        long? newest = null;
        foreach (var partition in partitions.Where(p => p.HighWatermark > p.StartOffset))
        {
            var time = clock == LogClock.Event ? (await log.FindMaxTimestampAsync(partition, cancel))?.Time : await LastRecordedAsync(log, partition, cancel);
            newest = time is null || newest > time ? newest : time;
        }

        var text = newest is null ? null : clock == LogClock.Event ? EventTimes.IsoOfMillis(newest.Value) : EventTimes.IsoOfMicros(newest.Value);
        if (text is not null)
        {
            response.Headers[Header] = text;
        }
    }

    private static async ValueTask<long?> LastRecordedAsync(EventLog log, LogPartition partition, CancellationToken cancel)
    {
        using var read = await log.ReadAsync(partition, partition.HighWatermark - 1, 1, cancel: cancel);
        return read.Batches.Count == 0 ? null : read.Batches[^1].RecordedAtLast;
    }
}
