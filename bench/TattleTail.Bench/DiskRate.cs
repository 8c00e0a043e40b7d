using System.Diagnostics;
using TattleTail.Platform;

namespace TattleTail.Bench;

/// <summary>What the disk of the temporary folder makes durable by itself.</summary>
internal static class DiskRate
{
    private const int BlockBytes = 1024 * 1024;
    private const int Blocks = 400;
    private const int Runs = 5;

    /// <summary>Median rate of writing and syncing a MiB at a time, as events of a size.</summary>
    public static double EventsPerSecond(int eventBytes)
    {
        var files = new OperatingSystemFiles();
        string path = Path.Combine(Path.GetTempPath(), $"tattletail-bench-disk-{Environment.ProcessId}");
        var block = new byte[BlockBytes];
        new Random(1).NextBytes(block);
        var rates = new List<double>();
        for (int run = 0; run < Runs; run++)
        {
            using (IFile file = files.CreateFile(path))
            {
                file.Allocate((long)Blocks * BlockBytes);
                long started = Stopwatch.GetTimestamp();
                for (long i = 0; i < Blocks; i++)
                {
                    file.Write(i * BlockBytes, block);
                    file.SyncAsync().AsTask().GetAwaiter().GetResult();
                }

                rates.Add((double)Blocks * BlockBytes / eventBytes / Stopwatch.GetElapsedTime(started).TotalSeconds);
            }

            files.DeleteFile(path);
        }

        return Medians.Of(rates);
    }
}
