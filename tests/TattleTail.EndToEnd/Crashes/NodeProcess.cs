using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TattleTail.EndToEnd.Crashes;

/// <summary>The real command <c>tattletail up</c> in a process of its own, on ports that stay the same over restarts.</summary>
internal sealed class NodeProcess(string dataFolder) : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly List<string> _said = [];
    private readonly int _http = FreePort();
    private Process? _process;

    public int KafkaPort { get; } = FreePort();

    public string DataFolder => dataFolder;

    /// <summary>Set for the process beside what tests of crashes need.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    public Uri Url(string path) => new($"http://127.0.0.1:{_http}{path}");

    /// <summary>The lines that it wrote so far and that begin so.</summary>
    public IReadOnlyList<string> Lines(string beginning)
    {
        lock (_said)
        {
            return [.. _said.Where(line => line.StartsWith(beginning, StringComparison.Ordinal))];
        }
    }

    /// <summary>What it wrote on both streams, for a failing test's message.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join('\n', _said.TakeLast(40));
            }
        }
    }

    /// <summary>Starts it, perhaps under another command, and waits until it is ready.</summary>
    public async Task StartAsync(params string[] under)
    {
        var command = new List<string>(under) { "dotnet", Dll, "up", "--data", dataFolder, "--kafka", $"127.0.0.1:{KafkaPort}", "--http", $"127.0.0.1:{_http}" };
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        command.Skip(1).ToList().ForEach(start.ArgumentList.Add);
        start.Environment["TATTLETAIL_SEGMENT_BYTES"] = "1MiB";
        start.Environment["TATTLETAIL_SEAL_AGE"] = "1s";
        start.Environment["TATTLETAIL_TRIM_DELAY"] = "0s";
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitForAsync(async () => await ReadinessAsync() is HttpStatusCode.OK, "ready", TimeSpan.FromSeconds(60));
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process!.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Status of <c>/health/ready</c>, null when nobody answers.</summary>
    public async Task<HttpStatusCode?> ReadinessAsync()
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_http}/health/ready"));
            return answer.StatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>The body of <c>/health/ready</c>.</summary>
    public async Task<string> HealthAsync()
    {
        using var answer = await Http.GetAsync(new Uri($"http://127.0.0.1:{_http}/health/ready"));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Runs another command of tattletail against the data folder; its exit code.</summary>
    public async Task<int> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        new[] { Dll }.Concat(arguments).Concat(["--data", dataFolder]).ToList().ForEach(start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Hear(await output);
        Hear(await errors);
        return process.ExitCode;
    }

    public async Task WaitForAsync(Func<Task<bool>> condition, string what, TimeSpan limit)
    {
        for (var clock = Stopwatch.StartNew(); !await condition(); await Task.Delay(10))
        {
            Assert.True(clock.Elapsed < limit && _process?.HasExited != true, $"not {what} within {limit.TotalSeconds} s; the node said:\n{Said}");
        }
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            Kill();
        }
    }

    private static string Dll => Path.Combine(AppContext.BaseDirectory, "tattletail.dll");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.Add(line ?? "");
        }
    }
}
