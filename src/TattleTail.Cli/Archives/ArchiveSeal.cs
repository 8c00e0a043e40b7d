using System.Text.Json;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Archives;

/// <summary><c>tattletail archive seal [CHANNEL]</c>.</summary>
internal static class ArchiveSeal
{
    /// <summary>Seals and says what came of it.</summary>
    public static async Task<int> RunAsync(string? channel, NodeTarget target, CommandConsole console, CancellationToken cancel)
    {
        await using var node = await NodeConnection.OpenAsync(target, console, cancel);
        using var response = await node.Api.SendAsync(HttpMethod.Post, $"archive/seal{ArchivePaths.Query(channel)}", cancel);
        await using var body = await node.Api.BodyAsync(response, cancel);
        var report = (await JsonSerializer.DeserializeAsync<Report>(body, JsonSerializerOptions.Web, cancel))!;
        console.Text.WriteLine(report.Files == 0
            ? "nothing to seal: all that is recorded is archived"
            : $"sealed {Wording.Count(report.Events, "event")} into {Wording.Count(report.Files, "file")}, {Wording.Bytes(report.Bytes)}, in {Wording.Span(TimeSpan.FromSeconds(report.ElapsedSeconds))}");
        return ExitCode.Ok;
    }

    private sealed record Report(long Files, long Events, long Bytes, double ElapsedSeconds);
}
