using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TattleTail.Archive;
using TattleTail.Server.Http.Access;
using TattleTail.Server.Http.Problems;
using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Http.Archives;

/// <summary><c>POST /archive/seal</c>, <c>GET /archive/files</c>, <c>POST /archive/verify</c>.</summary>
internal sealed class ArchiveEndpoints(ApiContext api)
{
    public async Task SealAsync(HttpContext context)
    {
        var channel = Channel(context);
        context.RequireWrite(channel ?? "*");
        var report = await api.Log.SealAsync(channel, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("files", report.Files);
        json.WriteNumber("events", report.Events);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("version", report.Version);
        json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
        json.WriteEndObject();
    }

    public async Task ListAsync(HttpContext context)
    {
        var archive = await api.Log.RequireArchiveAsync(context.RequestAborted);
        var files = archive.Files(Channel(context));
        context.Response.ContentType = MediaTypes.Ndjson;
        foreach (var file in files.Where(f => MayRead(context, f)))
        {
            await WriteLineAsync(context, json => ArchiveAnswer.Write(json, file));
        }
    }

    public async Task VerifyAsync(HttpContext context)
    {
        var archive = await api.Log.RequireArchiveAsync(context.RequestAborted);
        ArchiveFile[] files = [.. ArchiveVerification.Select(archive, Channel(context), From(context.Request)).Where(f => MayRead(context, f))];
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, api.Stopping);
        context.Response.ContentType = MediaTypes.Ndjson;
        var faults = 0L;
        var done = 0;
        await foreach (var verified in ArchiveVerification.RunAsync(api.Log, archive, files, ending.Token))
        {
            faults += verified.Faults.Count;
            done++;
            await WriteLineAsync(context, json => ArchiveAnswer.Write(json, verified, done, files.Length));
        }

        await WriteLineAsync(context, json => ArchiveAnswer.WriteTotal(json, files, faults));
    }

    private static bool MayRead(HttpContext context, ArchiveFile file) => context.Visit().Principal.MayRead(file.Stream.Channel);

    private string? Channel(HttpContext context)
    {
        if (!context.Request.Query.TryGetValue("channel", out var channel))
        {
            return null;
        }

        TargetChannel.CheckName(channel.ToString());
        return context.Visit().MaySee(channel.ToString()) && api.Log.Channels.Any(c => c.Name == channel) ? channel.ToString() : throw ProblemException.NoChannel(channel.ToString(), "GET /channels?closed=true lists all");
    }

    private DateTimeOffset? From(HttpRequest request)
    {
        if (!request.Query.TryGetValue("from", out var text))
        {
            return null;
        }

        var place = TimeOrOffset.Parse(text.ToString(), api.Clock.GetUtcNow(), out var fault) ?? throw ProblemException.Parameter("from", fault!);
        return place.Kind switch
        {
            PlaceKind.Beginning => null,
            PlaceKind.Time => place.Time,
            _ => throw ProblemException.Parameter("from", "files are chosen by the time of their recording, not by offset"),
        };
    }

    private static async ValueTask WriteLineAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        await using (var json = new Utf8JsonWriter(context.Response.BodyWriter))
        {
            write(json);
        }

        context.Response.BodyWriter.Write("\n"u8);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
