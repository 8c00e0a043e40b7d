using System.Globalization;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Bench;

/// <summary>How fast one core encodes, checks and reads record batches of 550-byte events with four headers. Medians of seven runs, by the processor's time, so that other work on the machine does not count.</summary>
internal static class CodecBenchmark
{
    private const int Runs = 7;
    private const int BatchEvents = 500;
    private const int EventsPerRun = 400_000;

    /// <summary>Writes a table of events a second.</summary>
    public static void Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine("codec, one core, 550-byte events with four headers, 500 a batch");
        var events = CodecSample.Events(BatchEvents);
        var builder = new RecordBatchBuilder();
        Report(output, "encode", () => CodecSample.Encode(builder, events).Length);
        var plain = CodecSample.Encode(builder, events).ToArray();
        Report(output, "crc32c", () => (int)Crc32C.Of(plain));
        foreach (var codec in Enum.GetValues<BatchCompression>())
        {
            var batch = CodecSample.Compress(plain, codec);
            var limits = new BatchLimits(batch.Length);
            Report(output, $"check {codec}", () => RecordBatch.Check(batch, limits, out var reason) == BatchFault.None ? 0 : throw new InvalidOperationException(reason));
            Report(output, $"read {codec}", () => Read(batch));
        }

        Report(output, "identity from headers", () => Identify(plain));
        var structured = CodecSample.Encode(builder, CodecSample.Structured(BatchEvents)).ToArray();
        Report(output, "identity from bodies", () => Identify(structured));
    }

    private static int Read(byte[] batch)
    {
        using var reader = new RecordBatchReader(batch);
        var bytes = 0;
        while (reader.MoveNext())
        {
            bytes += reader.Current.Key.Length + reader.Current.Body.Length;
        }

        return bytes;
    }

    private static int Identify(byte[] batch)
    {
        Span<byte> scratch = stackalloc byte[EventIdentityView.ScratchBytes];
        using var reader = new RecordBatchReader(batch);
        var bytes = 0;
        while (reader.MoveNext())
        {
            bytes += EventIdentityView.Of(reader.Current, scratch).EventId.Length;
        }

        return bytes;
    }

    private static void Report(TextWriter output, string name, Func<int> batch)
    {
        var rates = new double[Runs];
        var allocated = 0L;
        for (var run = -1; run < Runs; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            for (var i = 0; i < EventsPerRun / BatchEvents; i++)
            {
                batch();
            }

            if (run >= 0)
            {
                rates[run] = EventsPerRun / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        Array.Sort(rates);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {name,-24} {rates[Runs / 2] / 1e6,7:0.00} M events/s   {(double)allocated / (EventsPerRun / BatchEvents),10:0} bytes allocated a batch"));
    }
}
