using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Run;

/// <summary>What happened in a run, so that a test can tell that it was worth running.</summary>
internal sealed class Tally
{
    public int Starts { get; set; }

    public int FailedStarts { get; set; }

    public int Faults { get; set; }

    public int Reopenings { get; set; }

    public int Seals { get; set; }

    public int SealFailures { get; set; }

    public int TrimmedSegments { get; set; }

    /// <summary>Adds another run's figures.</summary>
    public void Add(Tally other)
    {
        Starts += other.Starts;
        FailedStarts += other.FailedStarts;
        Faults += other.Faults;
        Reopenings += other.Reopenings;
        Seals += other.Seals;
        SealFailures += other.SealFailures;
        TrimmedSegments += other.TrimmedSegments;
    }

    public override string ToString() =>
        $"{Starts} starts ({FailedStarts} failed), {Faults} journal faults, {Reopenings} reopenings, {Seals} seals ({SealFailures} failed), {TrimmedSegments} segments trimmed";
}

/// <summary>A run's end.</summary>
internal sealed record Result(
    int Seed, ulong Hash, long Notes, long Calls, long Failures, Ledger Ledger, Tally Tally, IReadOnlyList<Violation> Violations);
