namespace TattleTail.Spew.Groups;

/// <summary>Bounds of consumer groups; the names in brackets are Kafka's.</summary>
public sealed record GroupOptions
{
    /// <summary>Shortest session time-out that a member may ask for (<c>group.min.session.timeout.ms</c>). Default 6 s.</summary>
    public TimeSpan MinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Longest (<c>group.max.session.timeout.ms</c>). Default 30 min.</summary>
    public TimeSpan MaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an empty group waits for more members before its first generation (<c>group.initial.rebalance.delay.ms</c>). Default 3 s.</summary>
    public TimeSpan InitialRebalanceDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Groups on the node. Default 10,000.</summary>
    public int MaxGroups { get; init; } = 10_000;

    /// <summary>Members of a group (<c>group.max.size</c>). Default 1,000.</summary>
    public int MaxMembers { get; init; } = 1_000;

    /// <summary>Bytes of what the members of all groups say and are assigned. Default 32 MiB.</summary>
    public long MaxMemberBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>How long commits of a group without members are kept (<c>offsets.retention.minutes</c>). Default 7 days.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Bytes of what a consumer keeps with a commit (<c>offset.metadata.max.bytes</c>). Default 4,096.</summary>
    public int MaxCommitMetadataBytes { get; init; } = 4_096;
}
