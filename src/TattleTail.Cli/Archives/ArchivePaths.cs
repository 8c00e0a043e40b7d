namespace TattleTail.Cli.Archives;

/// <summary>Queries of the archive's part of the HTTP API.</summary>
internal static class ArchivePaths
{
    /// <summary>The query for a channel and a time, either of which may be missing.</summary>
    public static string Query(string? channel, string? from = null)
    {
        var parts = new[] { ("channel", channel), ("from", from) }.Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
        var query = string.Join('&', parts);
        return query.Length == 0 ? "" : $"?{query}";
    }
}
