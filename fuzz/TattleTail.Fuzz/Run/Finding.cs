using System.Globalization;

namespace TattleTail.Fuzz.Run;

/// <summary>What a case was found guilty of, and how to see it again.</summary>
internal sealed record Finding(string Target, int Seed, string What)
{
    /// <summary>The line that runs the case again.</summary>
    public string Replay => string.Create(CultureInfo.InvariantCulture, $"dotnet run --project fuzz/TattleTail.Fuzz -c Release -- --seed {Seed} --target {Target}");

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Target}, seed {Seed}: {What}\n  replay: {Replay}");
}

/// <summary>A run's end.</summary>
/// <param name="Cases">How many cases ran, of all targets.</param>
/// <param name="Tally">What became of them, by target and outcome, so that a test can tell that they were worth running.</param>
/// <param name="Findings">What was found.</param>
internal sealed record FuzzReport(long Cases, IReadOnlyDictionary<string, long> Tally, IReadOnlyList<Finding> Findings);
