using System.CommandLine;
using System.CommandLine.Parsing;
using TattleTail.Cli.Help;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Publish;
using TattleTail.Cli.Terminal;
using TattleTail.Events;
using TattleTail.Server.Http;

namespace TattleTail.Cli.Reading;

/// <summary><c>tattletail read CHANNEL</c>.</summary>
internal static class ReadCommand
{
    private const string NewestTime = "TattleTail-Newest-Time";

    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var channel = new Argument<string>("CHANNEL") { Description = "The channel's name" };
        var partition = new Option<int?>("--partition") { HelpName = "N", Description = "One partition [default: all, one after the other]" };
        var from = new Option<string?>("--from") { HelpName = "PLACE", Description = "First event: beginning, an OFFSET (all digits) or a TIME [default: beginning]" };
        var to = new Option<string?>("--to") { HelpName = "PLACE", Description = "End, exclusive: an OFFSET or a TIME [default: what is recorded now]" };
        var by = new Option<string?>("--by") { HelpName = "CLOCK", Description = "Clock of --from and --to when they are times: event or recorded [default: event]" };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until Ctrl-C" };
        var format = new Option<string>("--format") { HelpName = "FORM", Description = "ndjson (envelopes), text (for people) or raw (bodies, a line each)", DefaultValueFactory = _ => "ndjson" };
        var incarnation = new Option<string?>("--incarnation") { HelpName = "N|all", Description = "Which life of a channel that was deleted and created again [default: the newest]" };
        var limit = new Option<long?>("--limit", "-n") { HelpName = "N", Description = "At most N events" };
        var all = new Option<bool>("--all") { Description = "Also what is not served any more, because records were deleted or are older than the channel's retention.ms" };
        var (target, readTarget) = NodeTarget.Declare();
        by.AcceptOnlyFromAmong("event", "recorded");
        format.AcceptOnlyFromAmong("ndjson", "text", "raw");
        from.Validators.Add(CheckPlace);
        to.Validators.Add(CheckPlace);
        channel.Validators.Add(ChannelNames.Check);
        var command = new Command("read", "Print a channel's events, from a running node or straight from a data folder that no node is using")
        {
            channel, partition, from, to, by, follow, format, incarnation, all, limit,
        };
        foreach (var option in target)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancel) => RunAsync(
            new ReadRequest(
                parsed.GetRequiredValue(channel), parsed.GetValue(partition), parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(by),
                parsed.GetValue(follow), parsed.GetValue(incarnation), parsed.GetValue(limit), parsed.GetValue(all)),
            parsed.GetRequiredValue(format), readTarget(parsed, console), console, cancel));
        new Lesson(
            [
                new("tattletail read github.push --limit 3 --format text", "look at the first three"),
                new("tattletail read orders --from 15m --follow", "the last quarter of an hour, and then what comes"),
                new("tattletail read orders --from 2026-05-04 --to 2026-05-05 --by recorded > day.ndjson", "what was recorded on one day (UTC)"),
                new("tattletail read orders --partition 2 --from 1200 --to 1300", "a hundred offsets"),
                new("tattletail read orders | tattletail publish orders-copy", "a copy, with keys, headers and times"),
            ],
            "A TIME is ISO 8601 (UTC unless it has a zone) or so long ago: 90s, 15m, 12h, 30d. Times select events with from <= time < to.").For(command, console.Width);
        return command;
    }

    /// <summary>Prints the events.</summary>
    public static async Task<int> RunAsync(ReadRequest request, string format, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = await NodeConnection.OpenAsync(target, console, cancel);
        using var response = await node.Api.SendAsync(HttpMethod.Get, request.ToPath(), cancel);
        await using var body = await node.Api.BodyAsync(response, cancel);
        var any = format == "ndjson" ? await CopyAsync(body, console.Output, cancel) : await FormatAsync(body, format, console, cancel);
        if (!any)
        {
            var newest = response.Headers.TryGetValues(NewestTime, out var times) ? times.First() : null;
            console.Error.WriteLine(newest is null ? $"tattletail: no events: {request.Channel} is empty" : $"tattletail: no events selected; the newest {request.By ?? "event"} time is {newest}");
        }

        return ExitCode.Ok;
    }

    private static async ValueTask<bool> CopyAsync(Stream body, Stream output, CancellationToken cancel)
    {
        var buffer = new byte[128 * 1024];
        var any = false;
        while (await body.ReadAsync(buffer, cancel) is > 0 and var read)
        {
            any = true;
            output.Write(buffer.AsSpan(0, read));
        }

        output.Flush();
        return any;
    }

    private static async ValueTask<bool> FormatAsync(Stream body, string format, CommandConsole console, CancellationToken cancel)
    {
        var any = false;
        var width = console.OutputIsTerminal ? console.Width : int.MaxValue;
        await foreach (var line in InputLines.ReadAsync(body, cancel))
        {
            any = true;
            if (format == "text")
            {
                console.Text.WriteLine(TextForm.Of(line.Bytes, width));
            }
            else
            {
                console.Output.Write((EventEnvelope.Read(line.Bytes, 0).Body ?? default).Span);
                console.Output.Write("\n"u8);
            }
        }

        return any;
    }

    private static void CheckPlace(OptionResult result)
    {
        if (result.Tokens.Count == 1 && TimeOrOffset.Parse(result.Tokens[0].Value, DateTimeOffset.UtcNow, out var fault) is null)
        {
            result.AddError($"{result.Option.Name} {fault}");
        }
    }
}
