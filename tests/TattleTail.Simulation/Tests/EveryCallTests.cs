using TattleTail.Simulation.Run;

namespace TattleTail.Simulation.Tests;

/// <summary>A fixed scenario in which the N-th call of the disk fails, or the machine stops in it, for every N.</summary>
public sealed class EveryCallTests
{
    private static readonly Plan Scenario = Plan.Of(7) with
    {
        Lives = 2,
        Clients = 2,
        Deeds = 8,
        DiskFaults = 0,
        StoreFaults = 0,
        GarbledFiles = 0,
        SmallDisk = false,
        Endings = [Ending.Stop],
    };

    private static readonly JournalPlan JournalScenario = new(7, 3, 30, 0) { Endings = [Ending.Stop, Ending.Kill] };

    [Fact]
    public void Journal_EveryCallFails_KeepsTheInvariants() => ForEveryCall(Calls(JournalScenario), call => new JournalRun(JournalScenario with { FailCall = call }).Run());

    [Fact]
    public void Journal_MachineStopsInEveryCall_KeepsTheInvariants() => ForEveryCall(Calls(JournalScenario), call => new JournalRun(JournalScenario with { CrashCall = call }).Run());

    [Fact]
    public void Log_EveryCallFails_KeepsTheInvariants() => ForEveryCall(Calls(Scenario), call => new SimulatedRun(Scenario with { FailCall = call }).Run().Violations);

    [Fact]
    public void Log_MachineStopsInEveryCall_KeepsTheInvariants() => ForEveryCall(Calls(Scenario), call => new SimulatedRun(Scenario with { CrashCall = call }).Run().Violations);

    private static long Calls(JournalPlan plan)
    {
        var run = new JournalRun(plan);
        Assert.Empty(run.Run());
        return run.Calls;
    }

    private static long Calls(Plan plan)
    {
        var result = new SimulatedRun(plan).Run();
        Assert.Empty(result.Violations);
        return result.Calls;
    }

    private static void ForEveryCall(long calls, Func<long, IReadOnlyList<Checking.Violation>> run)
    {
        // All calls in CI; every seventh in a quick run.
        var step = Environment.GetEnvironmentVariable("TT_TEST_LONG") is "1" ? 1 : 7;
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, calls / step, index =>
        {
            var call = 1 + (index * step);
            foreach (var violation in run(call).Take(1))
            {
                failures.Add($"call {call}: {violation}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(10)));
    }
}
