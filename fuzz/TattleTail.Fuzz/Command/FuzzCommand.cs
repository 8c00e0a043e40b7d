using System.Globalization;
using TattleTail.Fuzz.Run;
using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Command;

/// <summary>The command line: what is run, and what is said of it.</summary>
internal static class FuzzCommand
{
    private const long DefaultSeeds = 100_000;

    private const string Usage = """
        Feeds damaged Kafka frames and record batches to the decoders, and damaged connections to a node.

        dotnet run --project fuzz/TattleTail.Fuzz -c Release -- [options]

          --seeds N      how many seeds, 100000 unless told, without end with --minutes
          --from N       the first seed, 0 unless told
          --seed N       this seed alone
          --target T     frames, batches or connection; all three unless told
          --minutes M    stops after so many minutes
          --help         this

        A seed is one case and always the same. Of all three targets together, every 1,000th seed is also a connection, as each starts a node.

        Progress goes to stderr, findings to stdout. Exit code 0: nothing found; 1: a finding, with the line that replays it; 2: wrong arguments.
        """;

    /// <summary>Runs the command; the exit code is as the usage says.</summary>
    public static int Run(string[] arguments, TextWriter output, TextWriter errors)
    {
        if (arguments.Contains("--help"))
        {
            output.WriteLine(Usage);
            return 0;
        }

        if (Read(arguments, out string? fault) is not { } plan)
        {
            errors.WriteLine($"{fault} See --help.");
            return 2;
        }

        FuzzReport report = new FuzzRun(plan).Run(errors);
        foreach (Finding finding in report.Findings)
        {
            output.WriteLine(finding);
        }

        return report.Findings.Count == 0 ? 0 : 1;
    }

    private static FuzzPlan? Read(string[] arguments, out string? fault)
    {
        var plan = new FuzzPlan { Seeds = DefaultSeeds };
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string name = arguments[i];
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            FuzzPlan? next = (name, Number(value)) switch
            {
                ("--seeds", >= 1 and { } seeds) => plan with { Seeds = seeds },
                ("--from", { } from) => plan with { From = from },
                ("--seed", { } seed) => plan with { From = seed, Seeds = 1 },
                ("--minutes", >= 1 and { } minutes) => plan with { Time = TimeSpan.FromMinutes(minutes), Seeds = arguments.Contains("--seeds") ? plan.Seeds : int.MaxValue - plan.From },
                ("--target", null) when FuzzTargets.Find(value) is { } target => plan with { Targets = [target] },
                _ => null,
            };
            if (next is null)
            {
                fault = $"{name} {value}: there is no such option, or it cannot have that value.";
                return null;
            }

            plan = next;
        }

        fault = null;
        return plan;
    }

    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
