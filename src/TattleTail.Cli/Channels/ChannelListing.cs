namespace TattleTail.Cli.Channels;

/// <summary>What a node tells of a channel (docs/http-api.md, Channels).</summary>
internal sealed record ChannelListing(
    string Name, int Incarnation, bool Closed, long Events, string? FirstTime, string? LastTime, long JournalEvents, long? JournalBytes, long SealedEvents, long SealedFiles, long SealedBytes,
    double? OldestUnsealedSeconds, IReadOnlyList<PartitionListing> Partitions)
{
    /// <summary>First and last offset: of the one partition, or how many partitions there are.</summary>
    public string Offsets => Partitions.Count != 1 ? $"{Partitions.Count} partitions"
        : Partitions[0].NextOffset == Partitions[0].FirstOffset ? "-"
        : $"{Partitions[0].FirstOffset}..{Partitions[0].NextOffset - 1}";
}

/// <summary>What a node tells of a partition.</summary>
internal sealed record PartitionListing(int Partition, long FirstOffset, long NextOffset, long SealedThrough);
