using TattleTail.Spew.Groups;

namespace TattleTail.Spew;

/// <summary>How the Kafka-protocol endpoint presents and limits itself.</summary>
public sealed record SpewOptions
{
    /// <summary>Host and port that clients are told to connect to, never a wildcard; null: the address on which their connection came in.</summary>
    public (string Host, int Port)? Advertised { get; init; }

    /// <summary>Broker id in metadata. Default 1.</summary>
    public int NodeId { get; init; } = 1;

    /// <summary>Unknown channels are created by metadata and produce requests that allow it. Default true.</summary>
    public bool AutoCreateChannels { get; init; } = true;

    /// <summary>Partitions of a channel created without a number. Default 1.</summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Bounds of consumer groups.</summary>
    public GroupOptions Groups { get; init; } = new();

    /// <summary>Largest request frame in bytes. Default 100 MiB, as Kafka's <c>socket.request.max.bytes</c>.</summary>
    public int MaxRequestBytes { get; init; } = 104_857_600;

    /// <summary>Bytes of requests and decompression in flight in the process. Default 256 MiB, of which half, at most 128 MiB, is for decompression.</summary>
    public long RequestMemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes of batches read for consumers and not yet taken by them, in the process. Default 128 MiB.</summary>
    public long FetchMemoryBytes { get; init; } = 128L * 1024 * 1024;
}
