using TattleTail.Server.Hosting;

namespace TattleTail.Server.Sample;

/// <summary>
/// Publishes the bundled sample through a node's own HTTP endpoint, seals it, reads it back and compares. What the node has already, told by the bytes of its events, is not published again, so a run that was
/// broken off is completed by the next.
/// </summary>
public static class SamplePublisher
{
    /// <summary>The bundled file, in the folder of the program.</summary>
    public static string BundledFile => Path.Combine(AppContext.BaseDirectory, "samples", "github-webhooks.ndjson");

    /// <summary>Publishes what the node does not have yet. Throws <see cref="StartException"/> when the file is missing and <see cref="HttpRequestException"/> when the node refuses.</summary>
    public static async ValueTask<SampleReport> RunAsync(Node node, string? file = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(node);
        var sample = await SampleEvents.LoadAsync(file ?? BundledFile, cancel);
        using var client = new NodeClient(node.CreateClient());
        var published = 0;
        foreach (var (channel, lines) in sample.Channels)
        {
            published += await PublishMissingAsync(client, channel, lines, cancel);
        }

        await client.SealAsync(cancel);
        var differences = new List<string>();
        foreach (var (channel, lines) in sample.Channels)
        {
            await CompareAsync(client, channel, lines, differences, cancel);
        }

        var files = (await client.FilesAsync(cancel)).Where(f => sample.Channels.ContainsKey(f.Channel)).ToList();
        return new SampleReport(published, sample.Count, sample.Channels.Count, files.Count, files.Sum(f => f.Bytes), sample.Count - differences.Count, differences);
    }

    private static async ValueTask<int> PublishMissingAsync(NodeClient client, string channel, List<byte[]> lines, CancellationToken cancel)
    {
        var there = await client.ReadBodiesAsync(channel, cancel);
        var missing = lines.Where(line => !there.Take(line)).ToList();
        if (missing.Count > 0)
        {
            await client.PublishAsync(channel, missing, cancel);
        }

        return missing.Count;
    }

    private static async ValueTask CompareAsync(NodeClient client, string channel, List<byte[]> lines, List<string> differences, CancellationToken cancel)
    {
        var there = await client.ReadBodiesAsync(channel, cancel);
        for (var i = 0; i < lines.Count; i++)
        {
            if (!there.Take(lines[i]))
            {
                differences.Add($"event {i + 1} of {lines.Count} for channel {channel} was not read back as it was sent");
            }
        }
    }
}
