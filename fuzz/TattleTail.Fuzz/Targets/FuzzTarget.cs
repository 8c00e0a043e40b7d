namespace TattleTail.Fuzz.Targets;

/// <summary>What is fuzzed. A target belongs to one thread and keeps nothing from one case to the next that a case could show.</summary>
internal abstract class FuzzTarget : IDisposable
{
    /// <summary>Runs the case of a seed and tells in a word or two what became of it. Throws <see cref="OracleException"/> for a finding; any other exception is one, too.</summary>
    public abstract string Run(int seed);

    /// <inheritdoc />
    public abstract void Dispose();
}

/// <summary>An oracle does not hold.</summary>
internal sealed class OracleException(string message) : Exception(message);

/// <summary>A target by its name.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Every">When all targets run, each so many seeds have one of its cases.</param>
/// <param name="Limit">Longest time for a case on the busiest machine: far above what any takes, as time is no measure of work.</param>
/// <param name="Create">Makes it for a thread.</param>
internal sealed record TargetKind(string Name, int Every, TimeSpan Limit, Func<FuzzTarget> Create);

/// <summary>The targets.</summary>
internal static class FuzzTargets
{
    public static readonly TargetKind Frames = new("frames", 1, TimeSpan.FromSeconds(30), () => new FramesTarget());

    public static readonly TargetKind Batches = new("batches", 1, TimeSpan.FromSeconds(30), () => new BatchesTarget());

    public static readonly TargetKind Connection = new("connection", 1000, TimeSpan.FromMinutes(3), () => new ConnectionTarget());

    public static readonly IReadOnlyList<TargetKind> All = [Frames, Batches, Connection];

    public static TargetKind? Find(string? name) => All.FirstOrDefault(target => target.Name == name);
}
