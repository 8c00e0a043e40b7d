using System.Diagnostics;
using System.Text;

namespace TattleTail.Cli.Tests;

/// <summary>The built command as a process of its own, killed when disposed.</summary>
internal sealed class CommandProcess : IDisposable
{
    /// <summary>Generous: two cores may be shared by everything that runs.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private CommandProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Keep(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(_error, line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    public string Output => Read(_output);

    public string Error => Read(_error);

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "tattletail.dll");

    public static CommandProcess Start(string folder, params string[] words) => new(Describe("dotnet", folder, [Program, .. words]));

    /// <summary>Runs a line of bash in which <c>$TATTLETAIL</c> is the command.</summary>
    public static CommandProcess Bash(string folder, string line)
    {
        var start = Describe("bash", folder, ["-c", line]);
        start.Environment["TATTLETAIL"] = $"dotnet {Program}";
        return new CommandProcess(start);
    }

    public static async Task<RunResult> RunAsync(string folder, params string[] words)
    {
        using var process = Start(folder, words);
        process.CloseInput();
        return await process.EndAsync();
    }

    public void Write(string text)
    {
        _process.StandardInput.Write(text);
        _process.StandardInput.Flush();
    }

    public void CloseInput() => _process.StandardInput.Close();

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end and gives all that was written.</summary>
    public async Task<RunResult> EndAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"still running after {Deadline}: {_process.StartInfo.ArgumentList.Aggregate((a, b) => $"{a} {b}")}\n{Output}\n{Error}");
        }

        return new RunResult(_process.ExitCode, Output, Error);
    }

    /// <summary>Waits until the output holds a text.</summary>
    public Task SeeAsync(string text) => SeeAsync(() => Output.Contains(text, StringComparison.Ordinal), $"'{text}' in the output");

    /// <summary>Waits until the error stream holds a text.</summary>
    public Task SeeErrorAsync(string text) => SeeAsync(() => Error.Contains(text, StringComparison.Ordinal), $"'{text}' in the errors");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static ProcessStartInfo Describe(string program, string folder, IEnumerable<string> words)
    {
        var start = new ProcessStartInfo(program, words)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("TATTLETAIL_", StringComparison.Ordinal)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static void Keep(StringBuilder kept, string? line)
    {
        lock (kept)
        {
            _ = line is null ? kept : kept.Append(line).Append('\n');
        }
    }

    private static string Read(StringBuilder kept)
    {
        lock (kept)
        {
            return kept.ToString();
        }
    }

    private async Task SeeAsync(Func<bool> seen, string what)
    {
        var since = Stopwatch.StartNew();
        while (!seen())
        {
            if (since.Elapsed > Deadline || (_process.HasExited && await GraceAsync() && !seen()))
            {
                throw new TimeoutException($"waited for {what}; the output is\n{Output}\nthe errors are\n{Error}");
            }

            await Task.Delay(20);
        }
    }

    private async Task<bool> GraceAsync()
    {
        await _process.WaitForExitAsync();
        return true;
    }
}
