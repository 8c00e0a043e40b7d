using System.Diagnostics;
using System.Globalization;
using TattleTail.Archive;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.Bench;

/// <summary>
/// How fast one core seals events to Parquet and reads them back framed for Fetch: 550-byte events with four headers, a file of 128 MiB at most. Medians of eleven runs after ten that warm the code
/// up, by the processor time that was used, so that other work on the machine counts little.
/// </summary>
internal static class ArchiveBenchmark
{
    private const int Runs = 11;
    private const int WarmUps = 10;
    private const int BatchEvents = 500;
    private const int DistinctEvents = 20_000;
    private const int EventsPerFile = 200_000;
    private const long RecordedAt = 1_777_863_721_000_000;

    private static readonly ArchiveStream Stream = new("bench", 1, new Guid(1, 2, 3, new byte[8]), "spew", "bench");

    /// <summary>Writes a table of events a second.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var folder = Directory.CreateTempSubdirectory("tattletail-bench-").FullName;
        try
        {
            var store = await LocalStore.OpenAsync(new OperatingSystemFiles(), folder);
            using var archive = await EventArchive.OpenAsync(new ArchiveOptions { Store = store, Clock = TimeProvider.System, Random = new Random(1), Workers = TaskScheduler.Default });
            await output.WriteLineAsync("archive, one core, 550-byte events");
            var headers = Batches(CodecSample.Events(DistinctEvents));
            await ReportAsync(output, "seal, four headers", () => ValueTask.FromResult(Seal(archive, headers)));
            var bodies = Batches(CodecSample.Structured(DistinctEvents));
            await ReportAsync(output, "seal, bodies parsed", () => ValueTask.FromResult(Seal(archive, bodies)));
            var file = await CommitAsync(archive, headers);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {"encoded",-24} {(double)file.Size / file.Events,7:0.0} bytes an event"));
            await ReportAsync(output, "read back, framed", () => ReadAsync(store, file));
            await ReportAsync(output, "verify", async () =>
            {
                var faults = await archive.VerifyAsync(file);
                return faults.Count == 0 ? file.Events : throw new InvalidOperationException(faults[0]);
            });
            using var process = Process.GetCurrentProcess();
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {"most memory in use",-24} {process.PeakWorkingSet64 / 1e6,7:0} MB of the process"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[][] Batches(Event[] events)
    {
        var builder = new RecordBatchBuilder();
        return [.. events.Chunk(BatchEvents).Select(chunk => CodecSample.Encode(builder, chunk).ToArray())];
    }

    private static long Seal(EventArchive archive, byte[][] batches)
    {
        using var file = Encode(archive, batches);
        return file.File.Events;
    }

    private static EncodedFile Encode(EventArchive archive, byte[][] batches)
    {
        using var writer = archive.StartFile(Stream);
        for (var i = 0; i < EventsPerFile / BatchEvents; i++)
        {
            var batch = batches[i % batches.Length];
            RecordBatch.Assign(batch, (long)i * BatchEvents, 0);
            writer.Append(0, RecordedAt + i, batch, 0);
        }

        return writer.Finish();
    }

    private static async Task<ArchiveFile> CommitAsync(EventArchive archive, byte[][] batches)
    {
        using var file = Encode(archive, batches);
        return (await archive.CommitAsync([file], [new SealedPosition(Stream.TopicId, 0, 0, EventsPerFile)])).Files[0];
    }

    /// <summary>Reads a file as a consumer does that is a MiB a fetch at a time, with nothing cached before.</summary>
    private static async ValueTask<long> ReadAsync(LocalStore store, ArchiveFile file)
    {
        using var archive = await EventArchive.OpenAsync(new ArchiveOptions { Store = store, Clock = TimeProvider.System, Random = new Random(1), Workers = TaskScheduler.Default });
        long events = 0;
        for (long next = 0; next < EventsPerFile;)
        {
            using var read = await archive.ReadAsync(file, 0, next, 1024 * 1024);
            foreach (var batch in read.Batches)
            {
                _ = RecordBatchHeader.TryRead(batch.Batch.Span, out var header);
                events += header.Count;
                next = header.LastOffset + 1;
            }
        }

        return events;
    }

    private static async Task ReportAsync(TextWriter output, string name, Func<ValueTask<long>> run)
    {
        var rates = new double[Runs];
        var managed = 0L;
        for (var i = -WarmUps; i < Runs; i++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            var events = await run();
            managed = Math.Max(managed, GC.GetTotalMemory(forceFullCollection: false));
            if (i >= 0)
            {
                rates[i] = events / (Environment.CpuUsage.TotalTime - before).TotalSeconds;
            }
        }

        Array.Sort(rates);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {name,-24} {rates[Runs / 2] / 1e3,7:0} k events/s   {managed / 1e6,6:0} MB managed"));
    }
}
