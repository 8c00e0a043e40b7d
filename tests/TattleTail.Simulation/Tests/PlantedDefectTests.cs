using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Defects;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Run;

namespace TattleTail.Simulation.Tests;

/// <summary>The checker bites: each defect, planted at a port, is caught within some seeds, under the invariant that it breaks.</summary>
public sealed class PlantedDefectTests
{
    private const int Seeds = 60;

    [Fact]
    public void AcknowledgesBeforeTheSync_IsI1() => Caught("I1", seed => Calm(seed, Ending.PowerCut) with { Disk = files => new NeverSyncs(files) });

    [Fact]
    public void SkipsTheDirectorySync_IsI1() => Caught("I1", seed => Calm(seed, Ending.PowerCut) with { Disk = files => new NeverSyncsNames(files) });

    [Fact]
    public void SwallowsASyncError_IsI8() => Caught("I8", seed => Calm(seed, Ending.Stop) with { DiskFaults = 300, Disk = files => new SwallowsSyncErrors(files) });

    [Fact]
    public void TrimsBeforeVerification_IsI9()
    {
        Caught("I9", seed =>
        {
            var given = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            return Trimming(seed) with { Store = store => new NeverReadsBack(store, given) };
        });
    }

    [Fact]
    public void DropsAHeader_IsI4() => Caught("I4", seed => Calm(seed, Ending.Stop) with { Session = log => new DropsHeader(log) });

    [Fact]
    public void OffByOneAtTheSeam_IsI3() => Caught("I3", seed => Trimming(seed) with { Session = log => new MissesTheSeam(log) });

    [Fact]
    public void StaleProducerWindow_IsI6()
    {
        Caught("I6", seed =>
        {
            var seen = new HashSet<(long, int)>();
            return Calm(seed, Ending.Kill) with { Session = log => new ForgetsProducers(log, seen) };
        });
    }

    [Fact]
    public void RetriesACommitWithoutReadingTheWinner_IsI2() => Caught("I2", seed => Calm(seed, Ending.Stop) with { Store = store => new CommitsTwice(store) });

    [Fact]
    public void ArchiveFileChangedOnTheDisk_IsI5() => Caught("I5", seed => Calm(seed, Ending.Stop) with { WhileOff = files => FlipIn(files, ".parquet") });

    [Fact]
    public void LeavesFilesOpen_IsI10() => Caught("I10", seed => Calm(seed, Ending.Stop) with { Disk = files => new NeverCloses(files) });

    [Fact]
    public void RecoveredTailServedUnsynced_IsI1() => CaughtInJournal("I1", seed => new JournalPlan(seed, 6, 20, 0)
    {
        Endings = [Ending.Kill, Ending.PowerCut],
        Disk = files => new RecoversUnsynced(files),
    });

    [Fact]
    public void AbandonedTailRevived_IsI6() => CaughtInJournal("I6", seed => new JournalPlan(seed, 6, 40, 200) { Endings = [Ending.Stop], RevivesTail = true });

    private static Plan Calm(int seed, Ending ending) => Plan.Of(seed) with
    {
        Lives = 3,
        Clients = 3,
        Deeds = 14,
        DiskFaults = 0,
        StoreFaults = 0,
        GarbledFiles = 0,
        SmallDisk = false,
        Endings = [ending],
    };

    private static Plan Trimming(int seed) => Calm(seed, Ending.Stop) with
    {
        Deeds = 24,
        Options = random => Plan.Sizes(random) with { SegmentBytes = 16 * 1024, SnapshotBytes = 8 * 1024, SealBytes = 8 * 1024, SealAge = TimeSpan.FromMilliseconds(200), TrimDelay = TimeSpan.Zero },
    };

    private static void Caught(string invariant, Func<int, Plan> plan) => Caught(invariant, seed => new SimulatedRun(plan(seed)).Run().Violations);

    private static void CaughtInJournal(string invariant, Func<int, JournalPlan> plan) => Caught(invariant, seed => new JournalRun(plan(seed)).Run());

    private static void Caught(string invariant, Func<int, IReadOnlyList<Violation>> run)
    {
        var others = new List<Violation>();
        for (var seed = 0; seed < Seeds; seed++)
        {
            var violations = run(seed);
            if (violations.Any(violation => violation.Invariant == invariant))
            {
                return;
            }

            others.AddRange(violations);
        }

        Assert.Fail($"not caught as {invariant} in {Seeds} seeds; found: {string.Join('\n', others.Take(5))}");
    }

    private static void FlipIn(SimulatedFiles files, string suffix)
    {
        if (files.PeekNames(SimulatedRun.ArchiveFolder).FirstOrDefault(path => path.EndsWith(suffix, StringComparison.Ordinal)) is { } path)
        {
            files.Damage(path, files.Peek(path)!.Value.Length / 2, 0x04);
        }
    }
}
