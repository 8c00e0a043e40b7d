using TattleTail.Fuzz.Making;
using TattleTail.Fuzz.Run;
using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Tests;

/// <summary>The fuzzer for so many cases as a build has time for. The command runs others.</summary>
public sealed class FuzzTests
{
    [Fact]
    public void Frames_ManySeeds_AreReadOrMalformed() => Run(FuzzTargets.Frames, 60_000, "frames whole", "frames readable", "frames malformed");

    [Fact]
    public void Batches_ManySeeds_AreTakenOrRefusedForAReason() =>
        Run(FuzzTargets.Batches, 15_000, "batches whole", "batches None", "batches Corrupt", "batches CrcMismatch", "batches UnsupportedMagic", "batches UnsupportedCompression", "batches TooLarge", "batches InvalidRecord");

    [Fact]
    public void Connection_HostileClients_LeaveOthersUnharmed() => Run(FuzzTargets.Connection, 6, "connection unharmed");

    [Fact]
    public void Making_SameSeedTwice_IsTheSameCase()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            Assert.Equal(Frame.Make(new Random(seed)).Damage(new Random(seed)), Frame.Make(new Random(seed)).Damage(new Random(seed)));
            Assert.Equal(BatchMaker.MakeDamaged(new Random(seed)), BatchMaker.MakeDamaged(new Random(seed)));
        }
    }

    /// <param name="kind">The target.</param>
    /// <param name="seeds">How many.</param>
    /// <param name="outcomes">What must come out: seeds are worth their time only when they get everywhere.</param>
    private static void Run(TargetKind kind, int seeds, params string[] outcomes)
    {
        FuzzReport report = new FuzzRun(new FuzzPlan { Seeds = seeds, Targets = [kind] }).Run(TextWriter.Null);

        Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings));
        Assert.Equal(seeds, report.Cases);
        Assert.Equal(outcomes.Order(StringComparer.Ordinal), report.Tally.Keys);
    }
}
