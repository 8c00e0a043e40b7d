using System.CommandLine;
using TattleTail.Cli.Help;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;
using TattleTail.Server.Http;

namespace TattleTail.Cli.Archives;

/// <summary><c>tattletail archive seal|verify|files</c>.</summary>
internal static class ArchiveCommand
{
    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var command = new Command("archive", "Seal events into the archive, check it, list its files") { Seal(console), Verify(console), Files(console) };
        new Lesson([
            new("tattletail archive seal", "move what is recorded into Parquet files now"),
            new("tattletail archive verify", "read every file back; exit code 3 when anything is wrong"),
            new("tattletail archive files github.push --json", "which file holds what"),
        ]).For(command, console.Width);
        return command;
    }

    private static Command Seal(CommandConsole console)
    {
        var channel = Channel();
        var (target, readTarget) = NodeTarget.Declare();
        var command = new Command("seal", "Move what is recorded into the archive now, and verify it there") { channel };
        target.ToList().ForEach(command.Add);
        command.SetAction((parsed, cancel) => ArchiveSeal.RunAsync(parsed.GetValue(channel), readTarget(parsed, console), console, cancel));
        new Lesson([new("tattletail archive seal orders", "one channel; without a name all of them")]).For(command, console.Width);
        return command;
    }

    private static Command Verify(CommandConsole console)
    {
        var channel = Channel();
        var from = new Option<string?>("--from") { HelpName = "TIME", Description = "Only files with events recorded since: ISO 8601, or so long ago (30d)" };
        var asJson = NodeOptions.Json();
        var (target, readTarget) = NodeTarget.Declare();
        from.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && TimeOrOffset.Parse(result.Tokens[0].Value, DateTimeOffset.UtcNow, out var fault) is null)
            {
                result.AddError($"--from {fault}");
            }
        });
        var command = new Command("verify", "Read every archived file back against its hash, its statistics and the log") { channel, from, asJson };
        target.ToList().ForEach(command.Add);
        command.SetAction((parsed, cancel) => ArchiveVerify.RunAsync(parsed.GetValue(channel), parsed.GetValue(from), parsed.GetValue(asJson), readTarget(parsed, console), console, cancel));
        new Lesson([
            new("tattletail archive verify", "everything; each fault is a line of output"),
            new("tattletail archive verify orders --from 7d", "one channel's files of the last week"),
        ]).For(command, console.Width);
        return command;
    }

    private static Command Files(CommandConsole console)
    {
        var channel = Channel();
        var asJson = NodeOptions.Json();
        var (target, readTarget) = NodeTarget.Declare();
        var command = new Command("files", "List the archive's files and what each holds") { channel, asJson };
        target.ToList().ForEach(command.Add);
        command.SetAction((parsed, cancel) => ArchiveFiles.RunAsync(parsed.GetValue(channel), parsed.GetValue(asJson), readTarget(parsed, console), console, cancel));
        new Lesson([new("tattletail archive files --json | jq -s 'map(.bytes) | add'", "how large it is")]).For(command, console.Width);
        return command;
    }

    private static Argument<string?> Channel()
    {
        var channel = new Argument<string?>("CHANNEL") { Description = "One channel [default: all]", Arity = ArgumentArity.ZeroOrOne };
        channel.Validators.Add(ChannelNames.Check);
        return channel;
    }
}
