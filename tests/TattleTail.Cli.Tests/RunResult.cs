namespace TattleTail.Cli.Tests;

/// <summary>How a run of the command ended.</summary>
internal sealed record RunResult(int ExitCode, string Output, string Error)
{
    public string[] OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
