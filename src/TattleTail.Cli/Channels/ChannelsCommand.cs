using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TattleTail.Cli.Help;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Channels;

/// <summary><c>tattletail channels</c>.</summary>
internal static class ChannelsCommand
{
    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var closed = new Option<bool>("--closed") { Description = "Also incarnations that were deleted" };
        var asJson = NodeOptions.Json();
        var (target, readTarget) = NodeTarget.Declare();
        var command = new Command("channels", "List the channels: how much each holds, from when to when, and how much of it is archived") { closed, asJson };
        foreach (var option in target)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancel) => RunAsync(parsed.GetValue(closed), parsed.GetValue(asJson), readTarget(parsed, console), console, cancel));
        new Lesson([
            new("tattletail channels", "all channels of the node or folder here"),
            new("tattletail channels --json | jq -r 'select(.journalEvents > 0).name'", "those that are not wholly archived"),
        ]).For(command, console.Width);
        return command;
    }

    /// <summary>Lists the channels.</summary>
    public static async Task<int> RunAsync(bool closed, bool asJson, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = await NodeConnection.OpenAsync(target, console, cancel);
        using var response = await node.Api.SendAsync(HttpMethod.Get, closed ? "channels?closed=true" : "channels", cancel);
        await using var body = await node.Api.BodyAsync(response, cancel);
        using var answer = await JsonDocument.ParseAsync(body, cancellationToken: cancel);
        var channels = answer.RootElement.GetProperty("channels").EnumerateArray();
        if (asJson)
        {
            foreach (var channel in channels)
            {
                console.Text.WriteLine(channel.GetRawText());
            }

            return ExitCode.Ok;
        }

        var table = new TextTable("channel", ">life", ">events", "offsets", "first", "last", ">journal", ">sealed", ">bytes", ">files", ">unsealed for");
        var any = false;
        foreach (var channel in channels.Select(json => json.Deserialize<ChannelListing>(JsonSerializerOptions.Web)!))
        {
            any = true;
            table.Add(
                channel.Closed ? $"{channel.Name} (deleted)" : channel.Name, channel.Incarnation.ToString(CultureInfo.InvariantCulture), Wording.Number(channel.Events), channel.Offsets,
                Day(channel.FirstTime), Day(channel.LastTime), Wording.Number(channel.JournalEvents), Wording.Number(channel.SealedEvents), Wording.Bytes(channel.SealedBytes + (channel.JournalBytes ?? 0)),
                Wording.Number(channel.SealedFiles), channel.OldestUnsealedSeconds is { } seconds ? Wording.Span(TimeSpan.FromSeconds(seconds)) : "-");
        }

        if (any)
        {
            table.Write(console.Text);
        }
        else
        {
            console.Error.WriteLine("tattletail: no channels yet: publish to one, or start a node with --sample");
        }

        return ExitCode.Ok;
    }

    private static string Day(string? time) => time is null ? "-" : time.Length > 19 ? time[..19].Replace('T', ' ') : time;
}
