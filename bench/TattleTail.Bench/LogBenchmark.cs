using System.Diagnostics;
using System.Globalization;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Storage.Local;
using EventLog = TattleTail.Log.EventLog;

namespace TattleTail.Bench;

/// <summary>
/// Sustained produce → fsync → archive: pre-encoded batches of 1,000 events of 550 bytes, as many as are acknowledged, while the sealer moves them to a local archive. Shows each
/// second group's rate, what waits to be sealed, and the memory of the process; all three should be flat.
/// </summary>
internal static class LogBenchmark
{
    private const int InFlight = 8;
    private const int Partitions = 4;
    private static readonly TimeSpan Line = TimeSpan.FromSeconds(5);

    public static async Task RunAsync(TextWriter output, TimeSpan duration)
    {
        var folder = Directory.CreateTempSubdirectory("tattletail-bench-log-").FullName;
        DedicatedThread[] threads = [new("journal-writer"), new("journal-sync"), new("sealer", ThreadPriority.BelowNormal), new("archive-reads")];
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
                ArchiveReads = threads[3],
            };
            await using var log = await EventLog.OpenAsync(new LogOptions { JournalFolder = Path.Combine(folder, "journal") }, ports);
            await MeasureAsync(output, log, duration);
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

    private static async Task MeasureAsync(TextWriter output, EventLog log, TimeSpan duration)
    {
        var channel = await log.CreateChannelAsync("bench", Partitions);
        var batch = BenchmarkEvents.Batch();
        using var stop = new CancellationTokenSource(duration);
        var producers = Enumerable.Range(0, InFlight).Select(i => Task.Run(() => ProduceAsync(log, channel.Partitions[i % Partitions], batch, stop.Token))).ToArray();
        await output.WriteLineAsync("sustained produce, fsync, archive; 1,000 events of 550 bytes a batch");
        await output.WriteLineAsync("  seconds   events/s   sealed/s    unsealed   journal MiB   RSS MiB");
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
                $"{now.TotalSeconds,9:F0} {(figures.EventsAppended - before) / seconds,10:N0} {(@sealed - sealedBefore) / seconds,10:N0} {figures.UnsealedEvents,11:N0} {figures.JournalBytes >> 20,13:N0} {Environment.WorkingSet >> 20,9:N0}"));
            (before, sealedBefore, at) = (figures.EventsAppended, @sealed, now);
        }

        await Task.WhenAll(producers);
        var total = log.Figures;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"total: {total.EventsAppended / watch.Elapsed.TotalSeconds:N0} events/s acknowledged, {(total.EventsAppended - total.UnsealedEvents) / watch.Elapsed.TotalSeconds:N0} events/s archived; health {log.Health.Status}: {log.Health.Reason}"));
    }

    private static async Task ProduceAsync(EventLog log, LogPartition partition, byte[] template, CancellationToken stop)
    {
        var batch = template.ToArray();
        while (!stop.IsCancellationRequested)
        {
            await log.AppendBatchAsync(partition, batch);
        }
    }
}
