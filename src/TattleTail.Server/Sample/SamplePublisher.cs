using TattleTail.Server.Hosting;

namespace TattleTail.Server.Sample;

/// <summary>Publishes the bundled sample through a node's own HTTP endpoint, seals it, reads it back and compares.</summary>
public static class SamplePublisher
{
    /// <summary>The bundled file, in the folder of the program.</summary>
    public static string BundledFile => Path.Combine(AppContext.BaseDirectory, "samples", "github-webhooks.ndjson");

    /// <summary>Publishes what the node does not have yet. Throws <see cref="StartException"/> when the file is missing and <see cref="HttpRequestException"/> when the node refuses.</summary>
    public static ValueTask<SampleReport> RunAsync(Node node, string? file = null, CancellationToken cancel = default) => throw new NotImplementedException();
}
