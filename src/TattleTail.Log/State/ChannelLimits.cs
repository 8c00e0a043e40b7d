namespace TattleTail.Log.State;

/// <summary>Bounds that no setting lifts: what one snapshot entry of the journal must be able to hold.</summary>
internal static class ChannelLimits
{
    /// <summary>Partitions of one channel.</summary>
    public const int MaxPartitions = 100_000;

    /// <summary>Partitions of all incarnations on a node, closed ones too.</summary>
    public const int MaxNodePartitions = 300_000;

    /// <summary>Incarnations on a node, closed ones too.</summary>
    public const int MaxIncarnations = 100_000;
}
