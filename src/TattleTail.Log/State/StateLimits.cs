namespace TattleTail.Log.State;

/// <summary>Bounds that no setting lifts: what one snapshot entry of the journal must be able to hold.</summary>
internal static class StateLimits
{
    /// <summary>Partitions of one channel.</summary>
    public const int MaxPartitions = 100_000;

    /// <summary>Partitions of all incarnations on a node, closed ones too.</summary>
    public const int MaxNodePartitions = 300_000;

    /// <summary>Incarnations on a node, closed ones too.</summary>
    public const int MaxIncarnations = 100_000;

    /// <summary>Bytes of all consumer groups in a snapshot: about 1.5 million commits.</summary>
    public const long MaxGroupBytes = 48L * 1024 * 1024;
}
