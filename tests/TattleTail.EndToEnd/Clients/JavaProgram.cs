using System.Collections.Concurrent;
using System.Diagnostics;

namespace TattleTail.EndToEnd.Clients;

/// <summary>A Java program that runs beside the test. Killed when it is disposed before it ended.</summary>
internal sealed class JavaProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];

    public JavaProgram(params string[] arguments)
    {
        _process = new Process { StartInfo = JavaTool.Start(["-Dorg.apache.logging.log4j.level=WARN", .. arguments]) };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>What it printed, errors included.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The end of what it printed, to tell why a test failed.</summary>
    public override string ToString() => string.Join('\n', _lines.TakeLast(100));

    /// <summary>Waits until something holds, as long as the program runs.</summary>
    public async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            Assert.False(_process.HasExited, $"ended before {what}: {this}");
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"never {what}: {this}");
            await Task.Delay(50);
        }
    }

    public Task UntilAsync(Func<bool> holds, string what) => UntilAsync(() => Task.FromResult(holds()), what);

    /// <summary>Waits until it ends by itself, and gives its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Ends its input and waits until it ends by itself.</summary>
    public async Task EndAsync()
    {
        _process.StandardInput.Close();
        int exitCode = await ExitAsync();
        Assert.True(exitCode == 0, $"ended with {exitCode}: {this}");
    }

    /// <summary>Asks it to stop, as a service is stopped, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
        await ExitAsync();
    }

    /// <summary>Ends it without any chance to say goodbye.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await ExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }
}
