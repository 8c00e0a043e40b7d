namespace TattleTail.Spew.Groups;

/// <summary>Where a group is in its life. The names are those that clients see.</summary>
internal enum GroupPhase
{
    /// <summary>No members; perhaps commits.</summary>
    Empty,

    /// <summary>Waits for all members to join the next generation.</summary>
    PreparingRebalance,

    /// <summary>Waits for the leader's assignment.</summary>
    CompletingRebalance,

    /// <summary>Every member has its assignment.</summary>
    Stable,

    /// <summary>Deleted; whoever still holds it must look the name up again.</summary>
    Dead,
}
