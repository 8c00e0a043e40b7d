namespace TattleTail.Server.Folders;

/// <summary>What a running node says of itself in its data folder.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Http">Where its HTTP API answers, reachable from this machine; null while it starts.</param>
/// <param name="Kafka">Where Kafka clients connect; null while it starts.</param>
/// <param name="Version">The version that runs.</param>
/// <param name="StartedAt">Since when.</param>
public sealed record RunningNode(int ProcessId, Uri? Http, string? Kafka, string Version, DateTimeOffset StartedAt)
{
    /// <summary>SHA-256 of the certificate that it shows, in hex; null without TLS.</summary>
    public string? Certificate { get; init; }
}
