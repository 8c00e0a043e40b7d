using System.Text;
using System.Text.Json;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Publish;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Archives;

/// <summary><c>tattletail archive verify [CHANNEL]</c>.</summary>
internal static class ArchiveVerify
{
    /// <summary>Reads the files back; a line of output for each fault, or with <paramref name="asJson"/> the node's own lines.</summary>
    public static async Task<int> RunAsync(string? channel, string? from, bool asJson, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = await NodeConnection.OpenAsync(target, console, cancel);
        using var response = await node.Api.SendAsync(HttpMethod.Post, $"archive/verify{ArchivePaths.Query(channel, from)}", cancel);
        await using var body = await node.Api.BodyAsync(response, cancel);
        using var progress = new ProgressLine(console);
        Line? last = null;
        await foreach (var (_, bytes) in InputLines.ReadAsync(body, cancel))
        {
            last = JsonSerializer.Deserialize<Line>(bytes.Span, JsonSerializerOptions.Web)!;
            if (asJson)
            {
                console.Text.WriteLine(Encoding.UTF8.GetString(bytes.Span));
            }
            else if (last.Path is { } path)
            {
                foreach (var fault in last.Faults.EnumerateArray().Select(f => f.ToString()))
                {
                    console.Text.WriteLine(fault.StartsWith(path, StringComparison.Ordinal) ? fault : $"{path}: {fault}");
                }
            }

            progress.Show(() => $"verified {last.Done} of {last.Of} files");
        }

        progress.Dispose();
        if (last is not { Path: null })
        {
            throw new CommandException(ExitCode.Failed, "the node ended before all files were verified: its log says why");
        }

        var faults = last.Faults.GetInt64();
        console.Error.WriteLine($"verified {Wording.Count(last.Files, "file")}, {Wording.Count(last.Events, "event")}, {Wording.Bytes(last.Bytes)}: {(faults == 0 ? "no faults" : Wording.Count(faults, "fault"))}");
        return faults == 0 ? ExitCode.Ok : ExitCode.FaultsFound;
    }

    /// <summary>A file's line, with a path and its faults in words, or the last one, with their number.</summary>
    private sealed record Line(string? Path, long Events, long Bytes, long Done, long Of, long Files, JsonElement Faults);
}
