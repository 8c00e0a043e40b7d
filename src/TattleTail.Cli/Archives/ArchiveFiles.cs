using System.Text.Json;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Publish;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Archives;

/// <summary><c>tattletail archive files [CHANNEL]</c>.</summary>
internal static class ArchiveFiles
{
    /// <summary>Lists the files.</summary>
    public static async Task<int> RunAsync(string? channel, bool asJson, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = await NodeConnection.OpenAsync(target, console, cancel);
        using var response = await node.Api.SendAsync(HttpMethod.Get, $"archive/files{ArchivePaths.Query(channel)}", cancel);
        await using var body = await node.Api.BodyAsync(response, cancel);
        var table = new TextTable("channel", ">life", "month", ">events", ">bytes", "recorded from", "to", "path");
        var any = false;
        await foreach (var (_, bytes) in InputLines.ReadAsync(body, cancel))
        {
            any = true;
            if (asJson)
            {
                console.Output.Write(bytes.Span);
                console.Output.Write("\n"u8);
                continue;
            }

            var file = JsonSerializer.Deserialize<Listing>(bytes.Span, JsonSerializerOptions.Web)!;
            table.Add(file.Channel, $"{file.Incarnation}", file.RecordedMonth, Wording.Number(file.Events), Wording.Bytes(file.Bytes), Second(file.FirstRecordedAt), Second(file.LastRecordedAt), file.Path);
        }

        if (!any)
        {
            console.Error.WriteLine("tattletail: no files: nothing is sealed yet ('tattletail archive seal' does it now)");
        }
        else if (!asJson)
        {
            table.Write(console.Text);
        }

        return ExitCode.Ok;
    }

    private static string Second(string time) => time.Length > 19 ? time[..19].Replace('T', ' ') : time;

    private sealed record Listing(string Path, long Bytes, string Channel, int Incarnation, string RecordedMonth, long Events, string FirstRecordedAt, string LastRecordedAt);
}
