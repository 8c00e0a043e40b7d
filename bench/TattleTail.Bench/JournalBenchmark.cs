using System.Diagnostics;
using System.Globalization;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Journal;
using TattleTail.Platform;

namespace TattleTail.Bench;

/// <summary>
/// Durable appends to the journal beside a bare loop of write + fdatasync over the same bytes, turn by turn in one run; recovery per GiB; opening a journal with footers. Settings:
/// <c>TT_BENCH_FOLDER</c> (default the temporary folder; must be a real disk), <c>TT_BENCH_JOURNAL_GIB</c> (default 2; 20 for the figure of docs).
/// </summary>
internal static class JournalBenchmark
{
    private const int Rounds = 7;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.7);
    private static readonly StreamPartition Partition = new(1, 0);
    private static readonly OperatingSystemFiles Files = new();

    public static async Task RunAsync(TextWriter output)
    {
        var root = Environment.GetEnvironmentVariable("TT_BENCH_FOLDER") ?? Path.GetTempPath();
        var folder = Path.Combine(root, $"tattletail-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        using var writer = new DedicatedThreads("journal writer");
        using var sync = new DedicatedThreads("journal sync");
        try
        {
            await output.WriteLineAsync("journal: durable appends, 550-byte events with four headers; median of turns; bare = the same bytes by write + fdatasync");
            foreach (var (events, inFlight) in new[] { (1, 1), (100, 1), (1000, 1), (1, 64), (100, 16), (1000, 8) })
            {
                await CompareAsync(output, Options(folder, writer, sync), events, inFlight);
            }

            await RecoverAsync(output, Options(folder, writer, sync) with { SegmentBytes = 1100 * 1024 * 1024 });
            var gib = int.Parse(Environment.GetEnvironmentVariable("TT_BENCH_JOURNAL_GIB") ?? "2", CultureInfo.InvariantCulture);
            await OpenWithFootersAsync(output, Options(folder, writer, sync), gib);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static JournalOptions Options(string folder, DedicatedThreads writer, DedicatedThreads sync) => new()
    {
        Folder = Path.Combine(folder, "journal"),
        Files = Files,
        Clock = TimeProvider.System,
        Writer = writer,
        Sync = sync,
    };

    /// <summary>The journal and the bare loop take turns, so that both meet the same disk.</summary>
    private static async Task CompareAsync(TextWriter output, JournalOptions options, int events, int inFlight)
    {
        var batch = Batch(events);
        var bareRates = new List<double>();
        var journalRates = new List<double>();
        await using (var journal = await WriteAheadJournal.OpenAsync(options))
        {
            var appends = new Appends(journal, batch, events);
            using var bare = new BareLoop(Path.Combine(options.Folder, "..", "bare"), batch, inFlight);
            await appends.RunAsync(inFlight, TimeSpan.FromSeconds(0.3));
            await bare.RunAsync(TimeSpan.FromSeconds(0.3));
            for (var i = 0; i < Rounds; i++)
            {
                bareRates.Add(events * await bare.RunAsync(Turn));
                journalRates.Add(events * await appends.RunAsync(inFlight, Turn));
            }
        }

        Directory.Delete(options.Folder, recursive: true);
        var (b, j) = (Median(bareRates), Median(journalRates));
        var share = Median([.. journalRates.Zip(bareRates, (journalRate, bareRate) => journalRate / bareRate)]);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  {events,5} events a batch, {inFlight,3} in flight: journal {j,12:N0} events/s, bare {b,12:N0} ({b * batch.Length / events / 1e6,7:N1} MB/s): {share,6:P0} (turns {journalRates.Min() / b:P0}–{journalRates.Max() / b:P0})"));
    }

    private static async Task RecoverAsync(TextWriter output, JournalOptions options)
    {
        await FillAsync(options, 1L << 30);
        await using var journal = await WriteAheadJournal.OpenAsync(options);
        var seconds = journal.Recovery.Elapsed.TotalSeconds;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"  recovery: {seconds / (journal.Recovery.BytesScanned / (double)(1 << 30)):F2} s per GiB scanned, warm"));
        await journal.DisposeAsync();
        Directory.Delete(options.Folder, recursive: true);
    }

    private static async Task OpenWithFootersAsync(TextWriter output, JournalOptions options, int gib)
    {
        await FillAsync(options, (long)gib << 30);
        await using var journal = await WriteAheadJournal.OpenAsync(options);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"  opening {gib} GiB in {journal.Segments.Count} segments with footers: {journal.Recovery.Elapsed.TotalSeconds:F2} s, {journal.Recovery.SegmentsScanned} scanned"));
        await journal.DisposeAsync();
        Directory.Delete(options.Folder, recursive: true);
    }

    private static async Task FillAsync(JournalOptions options, long bytes)
    {
        var batch = Batch(100);
        await using var journal = await WriteAheadJournal.OpenAsync(options);
        var appends = new Appends(journal, batch, 100);
        await appends.RunAsync(64, TimeSpan.MaxValue, bytes / batch.Length);
    }

    private static byte[] Batch(int events)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 1);
        var body = new byte[550];
        new Random(7).NextBytes(body);
        EventHeader[] headers =
        [
            new("ce_id", Guid.Empty.ToByteArray()), new("ce_type", "order.placed"u8.ToArray()), new("ce_source", "/shop/orders"u8.ToArray()), new("ce_specversion", "1.0"u8.ToArray()),
        ];
        for (var i = 0; i < events; i++)
        {
            if (!builder.TryAdd(i, new Event(1_700_000_000_000 + i, BitConverter.GetBytes(i), headers, body)))
            {
                throw new InvalidOperationException("the batch does not hold its events");
            }
        }

        return builder.Finish().ToArray();
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }

    /// <summary>Appends of one batch again and again, some at a time, each awaited.</summary>
    private sealed class Appends(WriteAheadJournal journal, byte[] batch, int events)
    {
        private readonly Lock _lock = new();
        private long _nextOffset;

        /// <summary>Batches per second.</summary>
        public async Task<double> RunAsync(int inFlight, TimeSpan time, long batches = long.MaxValue)
        {
            var started = Stopwatch.GetTimestamp();
            var left = batches;
            long done = 0;
            await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
            {
                var mine = (byte[])batch.Clone();
                while (Interlocked.Decrement(ref left) >= 0 && Stopwatch.GetElapsedTime(started) < time)
                {
                    await Append(mine);
                    Interlocked.Increment(ref done);
                }
            })));
            return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        private Task<long> Append(byte[] mine)
        {
            lock (_lock)
            {
                RecordBatch.Assign(mine, _nextOffset, journal.Epoch);
                _nextOffset += events;
                return journal.AppendAsync(new Entry(mine));
            }
        }

        private sealed class Entry(byte[] bytes) : BatchEntry(JournalBenchmark.Partition)
        {
            public override BatchPayload Freeze() => new(1_700_000_000_000_000, default, bytes);
        }
    }

    /// <summary>
    /// Write, fdatasync, again: as many batches a sync as are in flight on the other side, in segments of the same size that stay, as the journal's do: a disk writes faster over blocks that
    /// were just freed than into new ones.
    /// </summary>
    private sealed class BareLoop : IDisposable
    {
        private const int SegmentBytes = 64 * 1024 * 1024;

        private readonly string _folder;
        private readonly byte[] _bytes;
        private readonly int _batches;
        private IFile _file;
        private long _position;
        private int _segments;

        public BareLoop(string folder, byte[] batch, int batches)
        {
            _folder = folder;
            Directory.CreateDirectory(folder);
            _bytes = [.. Enumerable.Repeat(batch, batches).SelectMany(b => b)];
            _batches = batches;
            _file = Begin();
        }

        public void Dispose()
        {
            _file.Dispose();
            Directory.Delete(_folder, recursive: true);
        }

        /// <summary>Batches per second.</summary>
        public async Task<double> RunAsync(TimeSpan time)
        {
            var started = Stopwatch.GetTimestamp();
            long done = 0;
            while (Stopwatch.GetElapsedTime(started) < time)
            {
                if (_position + _bytes.Length > SegmentBytes)
                {
                    _file.Dispose();
                    _file = Begin();
                }

                _file.Write(_position, _bytes);
                await _file.SyncAsync();
                _position += _bytes.Length;
                done += _batches;
            }

            return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        private IFile Begin()
        {
            _position = 0;
            var file = Files.CreateFile(Path.Combine(_folder, $"{_segments++}"));
            file.Allocate(SegmentBytes);
            return file;
        }
    }
}
