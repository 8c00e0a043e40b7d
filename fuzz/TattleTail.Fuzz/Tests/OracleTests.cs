using TattleTail.Fuzz.Oracles;
using TattleTail.Fuzz.Run;
using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Tests;

/// <summary>That the fuzzer bites: planted defects are found under their seed.</summary>
public sealed class OracleTests
{
    [Fact]
    public void Run_ExceptionThatIsNotDocumented_IsAFindingOfItsSeed()
    {
        FuzzReport report = Run(seeds: 10, seed => seed == 7 ? throw new InvalidOperationException("planted") : "fine");

        Finding finding = Assert.Single(report.Findings);
        Assert.Equal(("planted", 7), (finding.Target, finding.Seed));
        Assert.Contains(nameof(InvalidOperationException), finding.What, StringComparison.Ordinal);
        Assert.EndsWith("-- --seed 7 --target planted", finding.Replay, StringComparison.Ordinal);
        Assert.Equal(10, report.Cases);
    }

    [Fact]
    public void Run_CaseThatDoesNotEnd_IsAFindingAndEndsTheRun()
    {
        using var released = new ManualResetEventSlim();

        FuzzReport report = Run(seeds: 1, limit: TimeSpan.FromMilliseconds(300), target: _ =>
        {
            released.Wait();
            return "late";
        });

        released.Set();
        Assert.Contains("does not end", Assert.Single(report.Findings).What, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_ManyFindings_EndTheRun() =>
        Assert.InRange(Run(seeds: 1_000_000, _ => throw new OracleException("planted")).Findings.Count, 20, 20 + Environment.ProcessorCount);

    [Theory]
    [InlineData(100_000, false)]
    [InlineData(250_000, true)]
    public void Allocation_BeyondFourTimesTheBytes_IsFound(int allocated, bool isFound)
    {
        var allocation = Allocation.Start();
        GC.KeepAlive(new byte[allocated]);

        Exception? found = Record.Exception(() => allocation.Check(bytes: 40_000, beyond: 0, "a test"));

        Assert.Equal(isFound, found is OracleException);
    }

    private static FuzzReport Run(int seeds, Func<int, string> target, TimeSpan? limit = null)
    {
        var kind = new TargetKind("planted", 1, limit ?? TimeSpan.FromMinutes(1), () => new Planted(target));
        return new FuzzRun(new FuzzPlan { Seeds = seeds, Targets = [kind] }).Run(TextWriter.Null);
    }

    private sealed class Planted(Func<int, string> run) : FuzzTarget
    {
        public override string Run(int seed) => run(seed);

        public override void Dispose()
        {
            // Holds nothing.
        }
    }
}
