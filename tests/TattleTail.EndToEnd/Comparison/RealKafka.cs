using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TattleTail.EndToEnd.Clients;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>A private Apache Kafka on free ports of the loopback interface, its data in a temporary folder. eng/servers has the scripts that start and stop it.</summary>
internal sealed class RealKafka : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-kafka-").FullName;

    public int Port { get; } = FreePortPair();

    /// <summary>Skips the test where there is no Kafka to start.</summary>
    public static void SkipUnlessThere()
    {
        JavaTool.SkipUnlessThere();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs bash and setsid to start Apache Kafka: run it on Linux");
    }

    public static async Task<RealKafka> StartAsync()
    {
        var kafka = new RealKafka();
        try
        {
            await kafka.RunAsync("kafka-start.sh");
            return kafka;
        }
        catch
        {
            await kafka.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("kafka-stop.sh");
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A port that is free, as is the next, on which the script puts the controller.</summary>
    private static int FreePortPair()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            int port = ((IPEndPoint)first.LocalEndpoint).Port;
            using var second = new TcpListener(IPAddress.Loopback, port == ushort.MaxValue ? 0 : port + 1);
            try
            {
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // The next one is taken: look for another pair.
            }
        }
    }

    private static string Scripts()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "eng", "servers", "kafka-start.sh")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder ?? throw new DirectoryNotFoundException("eng/servers is not above the tests"), "eng", "servers");
    }

    // What the scripts say goes into a file: the broker that they leave behind would keep a pipe open.
    private async Task RunAsync(string script)
    {
        string said = Path.Combine(_folder, script + ".log");
        var start = new ProcessStartInfo("bash", ["-c", "exec \"$0\" > \"$1\" 2>&1", Path.Combine(Scripts(), script), said]);
        start.Environment["KAFKA_PORT"] = $"{Port}";
        start.Environment["SERVERS_DIR"] = _folder;
        // The events of the script are years old: 30 s after its start Kafka would begin to delete them.
        start.Environment["KAFKA_EXTRA"] = "log.initial.task.delay.ms=86400000";
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {await File.ReadAllTextAsync(said, CancellationToken.None)}");
    }
}
