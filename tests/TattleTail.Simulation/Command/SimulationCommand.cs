using System.Diagnostics;
using System.Globalization;
using TattleTail.Simulation.Run;

namespace TattleTail.Simulation.Command;

/// <summary>
/// <c>--seeds N [--from N]</c> runs many seeds on all cores and prints those that fail; <c>--seed N [--trace]</c> runs one and prints its trace and what was found. <c>--journal</c>: the journal alone.
/// </summary>
internal static class SimulationCommand
{
    public static bool Wants(string[] arguments) => arguments.Any(argument => argument is "--seeds" or "--seed");

    /// <summary>Runs the command; 0 when all is well, 3 when an invariant does not hold, 2 for wrong arguments.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        var journal = arguments.Contains("--journal");
        if (Number(arguments, "--seed") is { } seed)
        {
            if (journal)
            {
                return RunJournal((int)seed, arguments.Contains("--trace"), output);
            }

            return RunOne((int)seed, arguments.Contains("--trace"), output);
        }

        if (Number(arguments, "--seeds") is { } seeds)
        {
            return RunMany(Number(arguments, "--from") ?? 0, seeds, journal, output);
        }

        errors.WriteLine("usage: --seeds N [--from N] [--journal] | --seed N [--trace] [--journal]");
        return 2;
    }

    /// <summary>How to see a failing seed again.</summary>
    public static string Replay(int seed) =>
        string.Create(CultureInfo.InvariantCulture, $"dotnet run --project tests/TattleTail.Simulation -c Release -- --seed {seed} --trace");

    private static long? Number(string[] arguments, string name)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length && long.TryParse(arguments[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static int RunOne(int seed, bool trace, TextWriter output)
    {
        var result = new SimulatedRun(Plan.Of(seed) with { Trace = trace ? output : null }).Run();
        output.WriteLine(Describe(result));
        foreach (var violation in result.Violations)
        {
            output.WriteLine(violation);
        }

        return result.Violations.Count == 0 ? 0 : 3;
    }

    private static int RunJournal(int seed, bool trace, TextWriter output)
    {
        var run = new JournalRun(JournalPlan.Of(seed) with { Trace = trace ? output : null });
        var violations = run.Run();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: hash {run.Hash:x16}, {run.Calls} disk calls, {run.Reopenings} reopenings"));
        foreach (var violation in violations)
        {
            output.WriteLine(violation);
        }

        return violations.Count == 0 ? 0 : 3;
    }

    private static int RunMany(long from, long seeds, bool journal, TextWriter output)
    {
        var clock = Stopwatch.StartNew();
        long done = 0;
        long failed = 0;
        Parallel.For(from, from + seeds, seed =>
        {
            var violations = journal ? new JournalRun(JournalPlan.Of((int)seed)).Run() : new SimulatedRun(Plan.Of((int)seed)).Run().Violations;
            lock (output)
            {
                done++;
                if (violations.Count > 0)
                {
                    failed++;
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {violations[0]}"));
                    output.WriteLine($"  replay: {Replay((int)seed)}{(journal ? " --journal" : "")}");
                }

                if (done % 1000 == 0)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {seeds} seeds, {failed} failed, {clock.Elapsed.TotalSeconds:F0} s"));
                }
            }
        });
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} seeds, {failed} failed, {clock.Elapsed.TotalSeconds:F1} s"));
        return failed == 0 ? 0 : 3;
    }

    private static string Describe(Result result) => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {result.Seed}: hash {result.Hash:x16}, {result.Notes} notes, {result.Calls} disk calls, {result.Failures} failures, {result.Tally}, {result.Ledger.Sent.Count} events sent, {result.Ledger.AcknowledgedCount} acknowledged");
}
