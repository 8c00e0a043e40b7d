using System.Diagnostics;
using System.Globalization;
using TattleTail.Events.RecordBatches;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Storage.Local;
using EventLog = TattleTail.Log.EventLog;

namespace TattleTail.Bench;

/// <summary>
/// Sustained produce → fsync → archive: pre-encoded batches of 1,000 events of 550 bytes, at a given rate or as many as are acknowledged, while the sealer moves them to a local archive.
/// Shows each five seconds' rate, what waits to be sealed, and the memory of the process; all three should be flat.
/// </summary>
internal static class LogBenchmark
{
    private const int InFlight = 8;
    private const int Partitions = 4;
    private const int BatchEvents = 1_000;

    /// <summary>As many as make a file compress as a real one does, not as the same batch again and again.</summary>
    private const int DistinctEvents = 20_000;

    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(TextWriter output, TimeSpan duration, double eventsPerSecond)
    {
        var folder = Directory.CreateTempSubdirectory("tattletail-bench-log-").FullName;
        DedicatedThreads[] threads = [new("journal-writer"), new("journal-sync"), new("sealer"), new("archive-commits"), new("archive-reads")];
        try
        {
            var files = new OperatingSystemFiles();
            var ports = new LogPorts
            {
                Files = files,
                OpenStore = async () => await LocalStore.OpenAsync(files, Path.Combine(folder, "archive")),
                Clock = TimeProvider.System,
                Random = new Random(1),
                Writer = threads[0],
                Sync = threads[1],
                Sealer = threads[2],
                ArchiveCommits = threads[3],
                ArchiveReads = threads[4],
            };
            await using var log = await EventLog.OpenAsync(new LogOptions { JournalFolder = Path.Combine(folder, "journal") }, ports);
            await MeasureAsync(output, log, duration, eventsPerSecond);
        }
        finally
        {
            foreach (var thread in threads)
            {
                thread.Dispose();
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(TextWriter output, EventLog log, TimeSpan duration, double eventsPerSecond)
    {
        var channel = await log.CreateChannelAsync("bench", Partitions);
        var batches = Batches();
        using var stop = new CancellationTokenSource(duration);
        var pace = new Pace(eventsPerSecond / BatchEvents);
        var producers = Enumerable.Range(0, InFlight).Select(i => Task.Run(() => ProduceAsync(log, channel.Partitions[i % Partitions], batches, pace, stop.Token))).ToArray();
        await output.WriteLineAsync("sustained produce, fsync, archive; 1,000 events of 550 bytes a batch");
        await output.WriteLineAsync("  seconds   events/s   sealed/s    unsealed   journal MiB   RSS MiB   managed MiB");
        var watch = Stopwatch.StartNew();
        var (before, sealedBefore, at) = (0L, 0L, TimeSpan.Zero);
        while (!stop.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(Line, stop.Token), Task.WhenAll(producers));
            var now = watch.Elapsed;
            var figures = log.Figures;
            var @sealed = figures.EventsAppended - figures.UnsealedEvents;
            var seconds = (now - at).TotalSeconds;
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{now.TotalSeconds,9:F0} {(figures.EventsAppended - before) / seconds,10:N0} {(@sealed - sealedBefore) / seconds,10:N0} {figures.UnsealedEvents,11:N0} {figures.JournalBytes >> 20,13:N0} {Environment.WorkingSet >> 20,9:N0} {GC.GetGCMemoryInfo().TotalCommittedBytes >> 20,13:N0}"));
            (before, sealedBefore, at) = (figures.EventsAppended, @sealed, now);
        }

        await Task.WhenAll(producers);
        var total = log.Figures;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"total: {total.EventsAppended / watch.Elapsed.TotalSeconds:N0} events/s acknowledged, {(total.EventsAppended - total.UnsealedEvents) / watch.Elapsed.TotalSeconds:N0} events/s archived; health {log.Health.Status}: {log.Health.Reason}"));
    }

    private static byte[][] Batches()
    {
        var builder = new RecordBatchBuilder();
        return [.. CodecSample.Events(DistinctEvents).Chunk(BatchEvents).Select(chunk => CodecSample.Encode(builder, chunk).ToArray())];
    }

    private static async Task ProduceAsync(EventLog log, LogPartition partition, byte[][] templates, Pace pace, CancellationToken stop)
    {
        var batch = new byte[templates.Max(t => t.Length)];
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            await pace.NextAsync();
            var template = templates[i % templates.Length];
            template.CopyTo(batch, 0);
            await log.AppendBatchAsync(partition, batch.AsMemory(0, template.Length));
        }
    }

    /// <summary>Hands out turns evenly over time; who is late gets his at once.</summary>
    private sealed class Pace(double turnsPerSecond)
    {
        private readonly long _started = Stopwatch.GetTimestamp();
        private long _turns;

        public Task NextAsync()
        {
            var due = TimeSpan.FromSeconds(Interlocked.Increment(ref _turns) / turnsPerSecond) - Stopwatch.GetElapsedTime(_started);
            return due > TimeSpan.FromMilliseconds(1) ? Task.Delay(due) : Task.CompletedTask;
        }
    }
}
