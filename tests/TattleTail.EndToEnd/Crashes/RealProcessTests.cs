using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace TattleTail.EndToEnd.Crashes;

/// <summary>The real process on the real disk: killed, its syncs failing, its disk full.</summary>
public sealed class RealProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-crash-").FullName;

    [Fact]
    public async Task Node_KilledUnderLoad_LosesAndDoublesNothing()
    {
        var kills = int.TryParse(Environment.GetEnvironmentVariable("TT_TEST_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set
            : Environment.GetEnvironmentVariable("TT_TEST_LONG") is "1" ? 50 : 3;
        using var node = new NodeProcess(Path.Combine(_folder, "data"));
        await node.StartAsync();
        using var load = new KafkaLoad(node.KafkaPort);
        var random = new Random(1);
        for (var kill = 0; kill < kills; kill++)
        {
            var before = load.Acknowledged.Count;
            await node.WaitForAsync(() => Task.FromResult(load.Acknowledged.Count > before), "acknowledging", TimeSpan.FromSeconds(60));
            await Task.Delay(random.Next(400));
            node.Kill();
            await node.StartAsync();
        }

        await load.FinishAsync();
        AssertAllThere(load, node);
        Assert.Equal(0, await node.RunAsync("archive", "seal"));
        Assert.True(await node.RunAsync("archive", "verify") == 0, node.Said);
        AssertAllThere(load, node);
    }

    [Fact]
    public async Task Node_SyncFails_StopsAcknowledgingGoesRedAndHeals()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/strace"), "needs Linux and strace (apt-get install strace)");
        using var node = new NodeProcess(Path.Combine(_folder, "data"));
        await node.StartAsync("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:error=EIO:when=60..66");
        using var load = new KafkaLoad(node.KafkaPort);
        await node.WaitForAsync(async () => await node.ReadinessAsync() is HttpStatusCode.ServiceUnavailable, "red", TimeSpan.FromSeconds(90));
        await node.WaitForAsync(async () => await node.ReadinessAsync() is HttpStatusCode.OK, "ready again", TimeSpan.FromSeconds(90));
        var before = load.Acknowledged.Count;
        await node.WaitForAsync(() => Task.FromResult(load.Acknowledged.Count > before), "acknowledging again", TimeSpan.FromSeconds(60));
        await load.FinishAsync();
        AssertAllThere(load, node);
    }

    [Fact]
    public async Task Node_DiskFull_RefusesSaysSoAndHeals()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs Linux and root (it mounts a small tmpfs)");
        var mount = Path.Combine(_folder, "small");
        Directory.CreateDirectory(mount);
        Assert.SkipUnless(Run("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", mount) == 0, "may not mount a tmpfs here");
        try
        {
            using var node = new NodeProcess(Path.Combine(mount, "data"));
            await node.StartAsync();
            var ballast = Path.Combine(mount, "ballast");
            FillUp(ballast);
            using var load = new KafkaLoad(node.KafkaPort);
            await node.WaitForAsync(async () => await node.ReadinessAsync() is HttpStatusCode.ServiceUnavailable, "red", TimeSpan.FromSeconds(60));
            Assert.Contains("space", await node.HealthAsync(), StringComparison.OrdinalIgnoreCase);
            File.Delete(ballast);
            await node.WaitForAsync(async () => await node.ReadinessAsync() is HttpStatusCode.OK, "ready again", TimeSpan.FromSeconds(60));
            var before = load.Acknowledged.Count;
            await node.WaitForAsync(() => Task.FromResult(load.Acknowledged.Count > before), "acknowledging again", TimeSpan.FromSeconds(60));
            await load.FinishAsync();
            AssertAllThere(load, node);
        }
        finally
        {
            Run("umount", "-l", mount);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void AssertAllThere(KafkaLoad load, NodeProcess node)
    {
        var read = load.ReadBack();
        Assert.Equal(read.Count, read.Select(found => found.Message.Value).Distinct(StringComparer.Ordinal).Count());
        var offsets = read.ToDictionary(found => found.Message.Value, found => found.Offset.Value, StringComparer.Ordinal);
        var lost = load.Acknowledged.Where(sent => offsets.GetValueOrDefault(sent.Key, -1) != sent.Value).Take(5).ToList();
        Assert.True(lost.Count == 0, $"acknowledged and not where it was: {string.Join(", ", lost)}; the node said:\n{node.Said}");
        Assert.NotEmpty(load.Acknowledged);
    }

    private static void FillUp(string path)
    {
        using var file = File.Create(path);
        var block = new byte[64 * 1024];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as it was to become.
        }
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode;
    }
}
