using System.Text;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Tests;

/// <summary>Runs the command with writers instead of a process.</summary>
internal static class InProcess
{
    public static Task<RunResult> RunAsync(params string[] words) => RunAsync(words, "");

    public static async Task<RunResult> RunAsync(string[] words, string input, bool terminal = false, CancellationToken interrupted = default)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter();
        using var console = new CommandConsole(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, TextWriter.Synchronized(error)) { ErrorIsTerminal = terminal };
        var code = await CommandLine.RunAsync(words, console, interrupted);
        return new RunResult(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
