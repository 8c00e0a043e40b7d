using System.Collections.Concurrent;
using System.Diagnostics;

namespace TattleTail.Bench.Load;

/// <summary>A producer of small batches at a steady rate and a consumer that waits for them: how long until they are acknowledged, and until they arrive.</summary>
internal static class TailLoad
{
    private const int BatchEvents = 10;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs for a time; the channel must be there.</summary>
    public static async Task<(Latencies Acknowledged, Latencies Arrived)> RunAsync(string bootstrap, string channel, TimeSpan duration)
    {
        var sentAt = new ConcurrentDictionary<long, long>();
        using var ended = new CancellationTokenSource();
        long first = await LastAsync(bootstrap, channel);
        Task<Latencies> consuming = Task.Run(() => ConsumeAsync(bootstrap, channel, first, sentAt, ended.Token));
        Latencies acknowledged = await Task.Run(() => ProduceAsync(bootstrap, channel, first, sentAt, duration));
        await ended.CancelAsync();
        return (acknowledged, await consuming);
    }

    private static async Task<long> LastAsync(string bootstrap, string channel)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        await connection.SendAsync(RawRequests.Produce(channel, 0, BenchmarkEvents.Batch(1)));
        return await RawRequests.ProducedAsync(connection) + 1;
    }

    private static async Task<Latencies> ProduceAsync(string bootstrap, string channel, long next, ConcurrentDictionary<long, long> sentAt, TimeSpan duration)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        byte[] frame = RawRequests.Produce(channel, 0, BenchmarkEvents.Batch(BatchEvents));
        var times = new Latencies();
        using var pace = new PeriodicTimer(Pace);
        for (long started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < duration; next += BatchEvents)
        {
            await pace.WaitForNextTickAsync();
            long at = Stopwatch.GetTimestamp();
            sentAt[next] = at;
            await connection.SendAsync(frame);
            await RawRequests.ProducedAsync(connection);
            times.Add(at);
        }

        return times;
    }

    private static async Task<Latencies> ConsumeAsync(string bootstrap, string channel, long from, ConcurrentDictionary<long, long> sentAt, CancellationToken ended)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        var next = new Dictionary<int, long> { [0] = from };
        var times = new Latencies();
        while (!ended.IsCancellationRequested)
        {
            await RawRequests.FetchAsync(connection, channel, [0], next, 1024 * 1024, maxWaitMs: 100);
            for (; from < next[0]; from += BatchEvents)
            {
                times.Add(sentAt[from]);
            }
        }

        return times;
    }
}
