using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using TattleTail.Cli.Archives;
using TattleTail.Cli.Channels;
using TattleTail.Cli.Completion;
using TattleTail.Cli.Configuration;
using TattleTail.Cli.Help;
using TattleTail.Cli.Publish;
using TattleTail.Cli.Reading;
using TattleTail.Cli.Terminal;
using TattleTail.Cli.Up;
using TattleTail.Cli.Users;

namespace TattleTail.Cli;

/// <summary>Runs one command line and turns whatever happens into an exit code and lines for people.</summary>
internal static class CommandLine
{
    private const string DebugVariable = "TATTLETAIL_DEBUG";

    /// <summary>Runs the words of a command line; never throws for what a user can do wrong.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, CommandConsole console, CancellationToken interrupted)
    {
        try
        {
            var parsed = Root(console).Parse(words.Count == 0 ? ["--help"] : words, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Errors.Count > 0 && parsed.Action is not { ClearsParseErrors: true })
            {
                return Refuse(parsed, console);
            }

            var invocation = new InvocationConfiguration
            {
                Output = console.Text,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(invocation, interrupted);
        }
        catch (OutputClosedException)
        {
            return ExitCode.Ok;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (CommandException fault)
        {
            foreach (var line in fault.Lines)
            {
                console.Error.WriteLine($"tattletail: {line}");
            }

            Trace(fault, console);
            return fault.Code;
        }
#pragma warning disable CA1031 // The last stop of every command: whatever nobody foresaw becomes one line, and the trace is there for who asks.
        catch (Exception unforeseen)
#pragma warning restore CA1031
        {
            console.Error.WriteLine($"tattletail: internal error, {unforeseen.GetType().Name}: {OneLine(unforeseen.Message)} (set {DebugVariable}=1 and run it again for the trace to report)");
            Trace(unforeseen, console);
            return ExitCode.Failed;
        }
    }

    /// <summary>All commands, declared.</summary>
    public static RootCommand Root(CommandConsole console)
    {
        var root = new RootCommand("TattleTail records every event that flows through message brokers and gives them back, byte for byte.")
        {
            UpCommand.Declare(console),
            PublishCommand.Declare(console),
            ReadCommand.Declare(console),
            ChannelsCommand.Declare(console),
            ArchiveCommand.Declare(console),
            UserCommand.Declare(console),
            ConfigCommand.Declare(console),
            CompletionCommand.Declare(console),
        };
        var version = root.Options.OfType<VersionOption>().Single();
        version.Description = "Show the version";
        version.Action = new PrintVersion();
        new Lesson([
            new("tattletail up --sample", "start a node in ./tattletail-data, with events to look at"),
            new("tattletail channels", "what it has recorded"),
            new("tattletail read github.push --limit 3", "the first three events of a channel"),
        ], "Every command has its own help: tattletail read --help").For(root, console.Width);
        return root;
    }

    private static int Refuse(ParseResult parsed, CommandConsole console)
    {
        var command = Path(parsed.CommandResult);
        foreach (var message in ParseFaults.Of(parsed))
        {
            console.Error.WriteLine($"tattletail: {message}");
        }

        console.Error.WriteLine($"See {command} --help");
        return ExitCode.Usage;
    }

    private static string Path(SymbolResult? result)
    {
        var words = new Stack<string>();
        for (var at = result as CommandResult; at is not null; at = at.Parent as CommandResult)
        {
            words.Push(at.Command is RootCommand ? "tattletail" : at.Command.Name);
        }

        return string.Join(' ', words);
    }

    private static void Trace(Exception fault, CommandConsole console)
    {
        if (console.Environment.GetValueOrDefault(DebugVariable) is "1" or "true")
        {
            console.Error.WriteLine(fault);
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private sealed class PrintVersion : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            parseResult.InvocationConfiguration.Output.WriteLine($"tattletail {ProductVersion.Full}");
            return ExitCode.Ok;
        }
    }
}
