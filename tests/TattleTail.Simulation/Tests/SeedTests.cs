using System.Globalization;
using TattleTail.Simulation.Command;
using TattleTail.Simulation.Run;

namespace TattleTail.Simulation.Tests;

public sealed class SeedTests
{
    private const int DefaultSeeds = 60;

    [Fact]
    public void Log_ManySeeds_KeepTheInvariants()
    {
        var seeds = int.TryParse(Environment.GetEnvironmentVariable("TT_TEST_SIM_SEEDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var set) ? set : DefaultSeeds;
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        var tally = new Tally();
        Parallel.For(0, seeds, seed =>
        {
            var result = new SimulatedRun(Plan.Of(seed)).Run();
            lock (tally)
            {
                tally.Add(result.Tally);
            }

            foreach (var violation in result.Violations.Take(3))
            {
                failures.Add($"seed {seed}: {violation}\n  {SimulationCommand.Replay(seed)}");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(10)));

        // The seeds are worth their time only when they meet what they are for.
        Assert.True(tally.Reopenings > 0 && tally.Seals > 0 && tally.SealFailures > 0 && tally.FailedStarts > 0, $"too quiet: {tally}");
        Assert.True(tally.TrimmedSegments > 0, $"nothing was trimmed: {tally}");
    }

    /// <summary>Seeds that found something once: a failed sync of the folder after a trim, and a sync that failed while the log closed, told to nobody.</summary>
    [Theory]
    [InlineData(5036)]
    [InlineData(6010)]
    [InlineData(6206)]
    public void Log_SeedThatFailedOnce_KeepsTheInvariants(int seed) => Assert.Empty(new SimulatedRun(Plan.Of(seed)).Run().Violations);

    [Fact]
    public void Journal_ManySeeds_KeepTheInvariants()
    {
        var failures = new System.Collections.Concurrent.ConcurrentBag<string>();
        Parallel.For(0, 600, seed =>
        {
            foreach (var violation in new JournalRun(JournalPlan.Of(seed)).Run().Take(1))
            {
                failures.Add($"seed {seed}: {violation}\n  {SimulationCommand.Replay(seed)} --journal");
            }
        });
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(10)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(20)]
    public void Run_SameSeedTwice_IsTheSameRun(int seed)
    {
        var first = new SimulatedRun(Plan.Of(seed)).Run();
        var second = new SimulatedRun(Plan.Of(seed)).Run();
        Assert.Equal((first.Hash, first.Notes, first.Calls), (second.Hash, second.Notes, second.Calls));
    }

    [Fact]
    public void Run_SameSeedInAnotherProcess_IsTheSameRun()
    {
        // Another process has other hash codes of strings: what depends on them does not replay.
        var first = new SimulatedRun(Plan.Of(4)).Run();
        var start = new System.Diagnostics.ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(SeedTests).Assembly.Location);
        }

        start.ArgumentList.Add("--seed");
        start.ArgumentList.Add("4");
        using var process = System.Diagnostics.Process.Start(start)!;
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"hash {first.Hash:x16}"), process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        process.WaitForExit();
    }
}
