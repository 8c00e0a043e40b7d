using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace TattleTail.Bench.Load;

/// <summary>The real <c>tattletail up</c> in a process and a folder of its own; the folder goes with it.</summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-bench-node-").FullName;
    private readonly int _kafka = FreePort();
    private readonly int _http = FreePort();
    private readonly ConcurrentQueue<string> _said = new();
    private Process? _process;

    public string Bootstrap => $"127.0.0.1:{_kafka}";

    /// <summary>Memory of the process now, bytes.</summary>
    public long ResidentBytes => Status("VmRSS");

    /// <summary>Processor time that the process used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it, with settings as in the environment (<c>TATTLETAIL_…</c>), and waits until it is ready.</summary>
    public async Task StartAsync(params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[Path.Combine(AppContext.BaseDirectory, "tattletail.dll"), "up", "--data", _folder, "--kafka", Bootstrap, "--http", $"127.0.0.1:{_http}"])
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in settings)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var http = new HttpClient();
        while (true)
        {
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri($"http://127.0.0.1:{_http}/health/ready"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
                if (_process.HasExited)
                {
                    throw new InvalidOperationException($"the node ended with {_process.ExitCode}: {string.Join(' ', _said)}");
                }
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Seals what it has.</summary>
    public async Task SealAsync()
    {
        using Process seal = Process.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "tattletail.dll"), "archive", "seal", "--server", $"http://127.0.0.1:{_http}"]);
        await seal.WaitForExitAsync();
        if (seal.ExitCode != 0)
        {
            throw new InvalidOperationException($"tattletail archive seal ended with {seal.ExitCode}");
        }
    }

    /// <summary>Stops it as Ctrl-C does.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        using (Process interrupt = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await interrupt.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A line of the process's status in /proc, kB there.</summary>
    private long Status(string name)
    {
        string line = File.ReadLines($"/proc/{_process!.Id}/status").First(l => l.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
