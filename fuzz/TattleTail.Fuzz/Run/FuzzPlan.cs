using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Run;

/// <summary>What a run does.</summary>
internal sealed record FuzzPlan
{
    /// <summary>The first seed.</summary>
    public int From { get; init; }

    /// <summary>How many seeds.</summary>
    public long Seeds { get; init; } = 1;

    /// <summary>When it ends at the latest.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.MaxValue;

    /// <summary>What is fuzzed.</summary>
    public IReadOnlyList<TargetKind> Targets { get; init; } = FuzzTargets.All;
}
