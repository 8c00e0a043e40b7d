namespace TattleTail.Simulation.Disk;

/// <summary>How much of what was not synced a power cut leaves.</summary>
/// <param name="KeepPercent">Of a hundred sectors, lengths and names, how many reach the disk.</param>
/// <param name="Last">What reaches it is its newest version; otherwise any.</param>
/// <param name="NamesInOrder">Names reach the disk in the order of the calls, as with a journalling file system; otherwise each on its own.</param>
internal sealed record CrashMood(int KeepPercent, bool Last, bool NamesInOrder)
{
    /// <summary>Nothing that was not synced is left.</summary>
    public static readonly CrashMood LoseAll = new(0, false, true);

    /// <summary>All reached the disk although nobody asked.</summary>
    public static readonly CrashMood KeepAll = new(100, true, true);

    /// <summary>A mood of a seed: the extremes as often as the mixtures.</summary>
    public static CrashMood Draw(Random random) => random.Next(6) switch
    {
        0 => LoseAll,
        1 => KeepAll,
        _ => new CrashMood(random.Next(5, 96), random.Next(2) == 0, random.Next(2) == 0),
    };

    public bool Keeps(Random random) => KeepPercent > 0 && random.Next(100) < KeepPercent;
}
