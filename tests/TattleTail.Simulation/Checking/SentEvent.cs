using System.Text;

namespace TattleTail.Simulation.Checking;

/// <summary>Where an event lies.</summary>
internal readonly record struct Place(Guid Topic, int Partition, long Offset)
{
    public override string ToString() => $"{Topic.ToString("N")[..6]}/{Partition}@{Offset}";
}

/// <summary>An event that a client sent, and what became of it as far as the client knows.</summary>
internal sealed class SentEvent(string id, string sender, Guid topic, int partition, WireRecord content)
{
    public const string IdHeader = "sim-id";

    public string Id => id;

    /// <summary>Who sent it; one sender's events of a partition keep their order.</summary>
    public string Sender => sender;

    public Guid Topic => topic;

    public int Partition => partition;

    public WireRecord Content => content;

    /// <summary>Its order among its sender's events.</summary>
    public required long Order { get; init; }

    /// <summary>The offset that was acknowledged, null when none was.</summary>
    public long? Acknowledged { get; set; }

    /// <summary>The log refused it for good: it must not appear.</summary>
    public bool Refused { get; set; }

    /// <summary>The offset at which a reader was served it, null when none was.</summary>
    public long? Seen { get; set; }

    /// <summary>What differs between the event as sent and as found, or null.</summary>
    public string? Difference(WireRecord found) =>
        found.Timestamp != content.Timestamp ? $"timestamp {found.Timestamp} instead of {content.Timestamp}"
        : !Same(found.Key, content.Key) ? "another key"
        : !Same(found.Body, content.Body) ? "another body"
        : found.Headers.Count != content.Headers.Count ? $"{found.Headers.Count} headers instead of {content.Headers.Count}"
        : found.Headers.Zip(content.Headers).Any(pair => pair.First.Key != pair.Second.Key || !Same(pair.First.Value, pair.Second.Value)) ? "other headers"
        : null;

    /// <summary>The id that a found record carries, or null.</summary>
    public static string? IdOf(WireRecord record)
    {
        foreach (var (key, value) in record.Headers)
        {
            if (key == IdHeader && value is not null)
            {
                return Encoding.ASCII.GetString(value);
            }
        }

        return null;
    }

    private static bool Same(byte[]? one, byte[]? other) => one is null ? other is null : other is not null && one.AsSpan().SequenceEqual(other);
}
