using System.Diagnostics;
using System.Globalization;

namespace TattleTail.Bench.Load;

/// <summary>How much eight consumers of history, 10 MB/s each, slow those who produce and consume at the tail.</summary>
internal static class TailBenchmark
{
    /// <summary>The command under which this program is only the readers.</summary>
    public const string ReadersCommand = "tail-readers";

    private const int Readers = 8;
    private const int DistinctBatches = 40;
    private const double BytesPerSecond = 10e6;
    private const int BatchEvents = 500;
    private const int BatchesPerPartition = 900;
    private const int Runs = 5;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(TextWriter output, string? kafka)
    {
        await using var node = new NodeUnderTest();
        await node.StartAsync(("TATTLETAIL_TRIM_DELAY", "0s"));
        await FillAsync(node.Bootstrap);
        await node.SealAsync();
        await node.StopAsync();
        await node.StartAsync(("TATTLETAIL_TRIM_DELAY", "0s"));
        await RawRequests.CreateAsync(node.Bootstrap, "tail", 1);
        await output.WriteLineAsync($"the tail beside {Readers} readers of history, 10 MB/s each, p50 / p99 in ms, medians of {Runs} turns of {Turn.TotalSeconds} s:");
        var alone = new List<double[]>();
        var beside = new List<double[]>();
        double read = 0;
        for (int run = -1; run < Runs; run++)
        {
            double[] quiet = Figures(await TailLoad.RunAsync(node.Bootstrap, "tail", Turn));
            using Process readers = StartReaders(node.Bootstrap);
            double[] loaded = Figures(await TailLoad.RunAsync(node.Bootstrap, "tail", Turn));
            read = long.Parse(await readers.StandardOutput.ReadToEndAsync(), CultureInfo.InvariantCulture) / Turn.TotalSeconds;
            if (run >= 0)
            {
                alone.Add(quiet);
                beside.Add(loaded);
            }
        }

        await output.WriteLineAsync($"  alone:                {Text(alone)}");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  beside {read / 1e6,3:N0} MB/s:       {Text(beside)}; memory of the node {node.ResidentBytes / 1e6:N0} MB"));
        foreach ((string name, string bootstrap) in kafka is null ? [] : new[] { ("Kafka", kafka) })
        {
            await RawRequests.CreateAsync(bootstrap, "tail", 1);
            var other = new List<double[]>();
            for (int run = 0; run < Runs; run++)
            {
                other.Add(Figures(await TailLoad.RunAsync(bootstrap, "tail", Turn)));
            }

            await output.WriteLineAsync($"  {name} alone:          {Text(other)}");
        }
    }

    /// <summary>The readers themselves, for a time; prints the bytes that they got.</summary>
    public static async Task ReadAsync(TextWriter output, string bootstrap)
    {
        using var ended = new CancellationTokenSource(Turn);
        long[] read = await Task.WhenAll(Enumerable.Range(0, Readers).Select(p => Task.Run(() => ReadAsync(bootstrap, p, ended.Token))));
        await output.WriteAsync(read.Sum().ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Readers in a process that has what others leave of the processors: in life they are on machines of their own.</summary>
    private static Process StartReaders(string bootstrap) => Process.Start(new ProcessStartInfo("chrt", ["--idle", "0", "dotnet", typeof(TailBenchmark).Assembly.Location, ReadersCommand, bootstrap])
    {
        RedirectStandardOutput = true,
    })!;

    private static double[] Figures((Latencies Acknowledged, Latencies Arrived) times) =>
        [times.Acknowledged.Milliseconds(0.5), times.Acknowledged.Milliseconds(0.99), times.Arrived.Milliseconds(0.5), times.Arrived.Milliseconds(0.99)];

    private static string Text(List<double[]> turns)
    {
        double[] medians = [.. Enumerable.Range(0, 4).Select(i => Medians.Of(turns.ConvertAll(t => t[i])))];
        return string.Create(CultureInfo.InvariantCulture, $"acknowledged {medians[0]:N2} / {medians[1]:N2}, arrived {medians[2]:N2} / {medians[3]:N2}");
    }

    private static async Task FillAsync(string bootstrap)
    {
        await RawRequests.CreateAsync(bootstrap, "history", Readers);
        byte[][] batches = [.. Enumerable.Range(0, DistinctBatches).Select(i => BenchmarkEvents.Batch(BatchEvents, i * BatchEvents))];
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(p => Task.Run(async () =>
        {
            using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
            byte[][] frames = [.. batches.Select(batch => RawRequests.Produce("history", p, batch))];
            for (int i = 0; i < BatchesPerPartition; i++)
            {
                await connection.SendAsync(frames[i % frames.Length]);
                await RawRequests.ProducedAsync(connection);
            }
        })));
    }

    /// <summary>Reads a partition from its beginning, no faster than it may.</summary>
    private static async Task<long> ReadAsync(string bootstrap, int partition, CancellationToken ended)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        var next = new Dictionary<int, long>();
        long read = 0;
        for (long started = Stopwatch.GetTimestamp(); !ended.IsCancellationRequested;)
        {
            if (read > Stopwatch.GetElapsedTime(started).TotalSeconds * BytesPerSecond)
            {
                await Task.Delay(10, CancellationToken.None);
                continue;
            }

            read += await RawRequests.FetchAsync(connection, "history", [partition], next, 1024 * 1024, maxWaitMs: 100);
        }

        return read;
    }
}
