using System.Diagnostics;
using System.Globalization;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Bench.Load;

/// <summary>
/// What a broker takes and gives when the client costs next to nothing: batches that were encoded before, over 1 and 64 connections, to 1 and 1,000 partitions, uncompressed and lz4; the real
/// process beside Apache Kafka, in turns. Everything is acknowledged (acks=all); TattleTail syncs before, Kafka does not.
/// </summary>
internal static class LoadBenchmark
{
    private const int Runs = 3;
    private const int BatchEvents = 100;

    /// <summary>Requests that a connection has on the way, as clients have by default.</summary>
    private const int InFlight = 5;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("TT_BENCH_SECONDS"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 4);
    private static readonly double[] Parts = [0.5, 0.99];

    /// <summary>Only these, as <c>lz4/64/1000</c>, connections before partitions, with commas between; all when it is not set.</summary>
    private static readonly string? Chosen = Environment.GetEnvironmentVariable("TT_BENCH_CASES");

    private sealed record Case(int Connections, int Partitions, BatchCompression Compression)
    {
        public bool IsChosen => Chosen is null || Chosen.Split(',').Contains($"{Compression}/{Connections}/{Partitions}", StringComparer.OrdinalIgnoreCase);
    }

    private sealed record Produced(double EventsPerSecond, double MegabytesPerSecond, Latencies Latencies);

    /// <summary>Runs all and prints medians.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="kafka">HOST:PORT of an Apache Kafka to measure beside, or null.</param>
    public static async Task RunAsync(TextWriter output, string? kafka)
    {
        await output.WriteLineAsync($"broker under load, batches of {BatchEvents} events of {BenchmarkEvents.EventBytes} bytes, medians of {Runs} turns of {Turn.TotalSeconds} s:");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  the disk by itself, write + fdatasync of 1 MiB at a time: {DiskRate.EventsPerSecond(BenchmarkEvents.EventBytes):N0} events/s"));
        foreach (Case load in All().Where(load => load.IsChosen))
        {
            await MeasureAsync(output, kafka, load);
        }
    }

    private static IEnumerable<Case> All() =>
        from compression in (BatchCompression[])[BatchCompression.None, BatchCompression.Lz4]
        from partitions in (int[])[1, 1_000]
        from connections in (int[])[1, 64]
        select new Case(connections, partitions, compression);

    private static async Task MeasureAsync(TextWriter output, string? kafka, Case load)
    {
        var produced = new Dictionary<string, List<Produced>>();
        var consumed = new Dictionary<string, List<double>>();
        await using var node = new NodeUnderTest();
        await node.StartAsync(("TATTLETAIL_SEAL_AGE", "1h"));
        for (int run = -1; run < Runs; run++)
        {
            foreach ((string name, string bootstrap) in (List<(string, string)>)[("TattleTail", node.Bootstrap), .. kafka is null ? [] : new[] { ("Kafka", kafka) }])
            {
                string channel = $"load-{Guid.NewGuid():N}";
                Produced result = await ProduceAsync(bootstrap, channel, load);
                double read = await ConsumeAsync(bootstrap, channel, load, result);
                await RawRequests.DeleteAsync(bootstrap, channel);
                if (run >= 0)
                {
                    produced.TryAdd(name, []);
                    produced[name].Add(result);
                    consumed.TryAdd(name, []);
                    consumed[name].Add(read);
                }
            }
        }

        consumed["TattleTail's archive"] = await FromArchiveAsync(node, load);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {load.Compression}, {load.Connections} connections, {load.Partitions} partitions"));
        foreach ((string name, List<Produced> results) in produced)
        {
            Produced median = results.OrderBy(r => r.EventsPerSecond).ElementAt(results.Count / 2);
            string times = string.Join(" / ", Parts.Select(part => Medians.Of(results.ConvertAll(r => r.Latencies.Milliseconds(part))).ToString("N1", CultureInfo.InvariantCulture)));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"    produce {name,-22} {median.EventsPerSecond,11:N0} events/s {median.MegabytesPerSecond,7:N0} MB/s   p50/p99 {times} ms"));
        }

        foreach ((string name, List<double> results) in consumed)
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"    consume {name,-22} {Medians.Of(results),11:N0} events/s"));
        }
    }

    /// <summary>What was produced last, read again after all of it was sealed and with nothing read from the journal.</summary>
    private static async Task<List<double>> FromArchiveAsync(NodeUnderTest node, Case load)
    {
        string channel = $"archived-{Guid.NewGuid():N}";
        Produced result = await ProduceAsync(node.Bootstrap, channel, load);
        await node.SealAsync();
        await node.StopAsync();
        var rates = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            await node.StartAsync(("TATTLETAIL_READ_THROUGH_ARCHIVE", "true"));
            rates.Add(await ConsumeAsync(node.Bootstrap, channel, load, result));
            await node.StopAsync();
        }

        return rates;
    }

    private static async Task<Produced> ProduceAsync(string bootstrap, string channel, Case load)
    {
        byte[] batch = CodecSample.Compress(BenchmarkEvents.Batch(BatchEvents), load.Compression);
        await RawRequests.CreateAsync(bootstrap, channel, load.Partitions);
        long started = Stopwatch.GetTimestamp();
        Latencies[] times = await Task.WhenAll(Enumerable.Range(0, load.Connections).Select(c => Task.Run(() => SendAsync(bootstrap, channel, batch, PartitionsOf(c, load), started))));
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var all = new Latencies();
        Array.ForEach(times, all.Add);
        return new Produced(all.Count * BatchEvents / seconds, all.Count * (double)batch.Length / seconds / 1e6, all);
    }

    private static int[] PartitionsOf(int connection, Case load) =>
        load.Partitions == 1 ? [0] : [.. Enumerable.Range(0, load.Partitions).Where(p => p % load.Connections == connection)];

    private static async Task<Latencies> SendAsync(string bootstrap, string channel, byte[] batch, int[] partitions, long started)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        byte[][] frames = [.. partitions.Select(p => RawRequests.Produce(channel, p, batch))];
        var times = new Latencies();
        var sent = new Queue<long>();
        for (int i = 0; sent.Count > 0 || Stopwatch.GetElapsedTime(started) < Turn;)
        {
            if (sent.Count < InFlight && Stopwatch.GetElapsedTime(started) < Turn)
            {
                sent.Enqueue(Stopwatch.GetTimestamp());
                await connection.SendAsync(frames[i++ % frames.Length]);
                continue;
            }

            await RawRequests.ProducedAsync(connection);
            times.Add(sent.Dequeue());
        }

        return times;
    }

    /// <summary>
    /// Reads what was produced: of many partitions each connection reads its own, as the members of a group do; of one partition all read the beginning, as groups do, twice of everything together.
    /// </summary>
    private static async Task<double> ConsumeAsync(string bootstrap, string channel, Case load, Produced produced)
    {
        long all = produced.Latencies.Count * (long)BatchEvents;
        long end = load.Partitions > 1 ? long.MaxValue : Math.Min(all, 2 * all / load.Connections);
        long started = Stopwatch.GetTimestamp();
        long[] events = await Task.WhenAll(Enumerable.Range(0, load.Connections).Select(c => Task.Run(() => DrainAsync(bootstrap, channel, PartitionsOf(c, load), end))));
        return events.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<long> DrainAsync(string bootstrap, string channel, int[] partitions, long end)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        Dictionary<int, long> next = partitions.ToDictionary(p => p, _ => 0L);
        while (next.Values.Max() < end && await RawRequests.FetchAsync(connection, channel, partitions, next, 8 * 1024 * 1024, maxWaitMs: 0) > 0)
        {
        }

        return next.Values.Sum();
    }
}
