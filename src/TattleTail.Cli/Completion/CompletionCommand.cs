using System.CommandLine;
using TattleTail.Cli.Help;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Completion;

/// <summary><c>tattletail completion SHELL</c>.</summary>
internal static class CompletionCommand
{
    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var shell = new Argument<string>("SHELL") { Description = "The shell that the script is for" };
        shell.AcceptOnlyFromAmong(CompletionScripts.Shells);
        var command = new Command("completion", "Print the script that completes tattletail's words in a shell") { shell };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(shell), console));
        new Lesson([
            new("eval \"$(tattletail completion bash)\"", "complete in this bash; put the line into ~/.bashrc to keep it"),
            new("tattletail completion pwsh | Out-String | Invoke-Expression", "the same in PowerShell"),
        ]).For(command, console.Width);
        return command;
    }

    /// <summary>Prints the script.</summary>
    public static int Run(string shell, CommandConsole console)
    {
        console.Text.WriteLine(CompletionScripts.For(shell));
        return ExitCode.Ok;
    }
}
