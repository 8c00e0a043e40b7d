using System.CommandLine;
using TattleTail.Cli.Help;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Publish;

/// <summary><c>tattletail publish CHANNEL [FILE|-]</c>.</summary>
internal static class PublishCommand
{
    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var channel = new Argument<string>("CHANNEL") { Description = "The channel's name; it is created when it does not exist" };
        var file = new Argument<string?>("FILE") { Description = "The input; - or nothing is standard input", Arity = ArgumentArity.ZeroOrOne };
        var raw = new Option<bool>("--raw") { Description = "Each line is the body of an event, as it is" };
        var key = new Option<string?>("--key-field") { HelpName = "PATH", Description = "Field of the JSON line that is the event's key: id, data.user.id, items[0].sku" };
        var partition = new Option<int?>("--partition") { HelpName = "N", Description = "Publish to one partition [default: by key]" };
        var (target, readTarget) = NodeTarget.Declare();
        channel.Validators.Add(ChannelNames.Check);
        key.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && KeyField.Parse(result.Tokens[0].Value) is null)
            {
                result.AddError($"--key-field '{result.Tokens[0].Value}' is no path: write names with dots between them and [N] for elements");
            }
        });
        var command = new Command("publish", "Publish the lines of a file or of standard input, and say when they are on disk") { channel, file, raw, key, partition };
        foreach (var option in target)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancel) => RunAsync(
            new PublishRequest(
                parsed.GetRequiredValue(channel), parsed.GetValue(file), parsed.GetValue(raw), parsed.GetValue(key) is { } path ? KeyField.Parse(path) : null, parsed.GetValue(partition)),
            readTarget(parsed, console), console, cancel));
        new Lesson(
            [
                new("tattletail publish orders events.ndjson", "a CloudEvent or an envelope (what 'read' prints) a line"),
                new("echo '{\"hello\":\"world\"}' | tattletail publish greetings --raw", "whatever a line is"),
                new("tail -f app.log | tattletail publish logs --raw", "as the lines come"),
                new("tattletail publish clicks clicks.json --raw --key-field user.id", "events of one user stay in order, in one partition"),
            ],
            "A bad line is named and ends the run; the lines before it are published, those after it are not.").For(command, console.Width);
        return command;
    }

    /// <summary>Publishes the input.</summary>
    public static async Task<int> RunAsync(PublishRequest request, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = NodeConnection.OpenRunning(target, console);
        await using var input = Open(request.File, console);
        return await new LinePublisher(request, node.Api, console).RunAsync(input, cancel);
    }

    private static Stream Open(string? file, CommandConsole console)
    {
        if (file is null or "-")
        {
            if (console.InputIsTerminal)
            {
                console.Error.WriteLine("tattletail: reading events from the keyboard, one a line; Ctrl-D ends");
            }

            return console.Input;
        }

        try
        {
            return new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CommandException(ExitCode.Usage, $"{file} can't be read ({fault.Message}): name a file, or - for standard input", fault);
        }
    }
}
