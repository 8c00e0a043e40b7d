using System.Text;
using TattleTail.Spew;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>The same script against Apache Kafka and against TattleTail shows the same, but for the differences that are listed.</summary>
public sealed class ComparisonTests
{
    private const string Nothing = "(nothing)";

    // As the script that starts Kafka sets it.
    private static readonly SpewOptions LikeKafka = new() { Groups = new GroupOptions { InitialRebalanceDelay = TimeSpan.Zero } };

    [Fact]
    public async Task SameScript_AgainstKafkaAndTattleTail_ShowsTheSame()
    {
        RealKafka.SkipUnlessThere();
        Transcript kafka;
        await using (RealKafka real = await RealKafka.StartAsync())
        {
            kafka = await ScriptOfAll.RunAsync(real.Port);
        }

        await using SpewTestNode node = await SpewTestNode.StartAsync(LikeKafka);
        Transcript tattleTail = await ScriptOfAll.RunAsync(node.Port);
        Assert.True(kafka.Lines.Count > 500, $"the script saw only {kafka.Lines.Count} values");
        string report = Report(kafka, tattleTail);
        Assert.True(report.Length == 0, report);
    }

    private static string Report(Transcript kafka, Transcript tattleTail)
    {
        var unused = KnownDifferences.All.Where(difference => !difference.MayBeMissing).ToHashSet();
        var report = new StringBuilder();
        foreach (string key in kafka.Lines.Keys.Union(tattleTail.Lines.Keys, StringComparer.Ordinal))
        {
            string expected = kafka.Lines.GetValueOrDefault(key, Nothing);
            string actual = tattleTail.Lines.GetValueOrDefault(key, Nothing);
            if (expected == actual)
            {
                continue;
            }

            KnownDifference[] known = [.. KnownDifferences.All.Where(difference => difference.Covers(key))];
            unused.ExceptWith(known);
            if (known.Length == 0)
            {
                report.AppendLine().Append(key).Append(": Kafka ").Append(expected).Append(", TattleTail ").Append(actual);
            }
        }

        foreach (KnownDifference gone in unused)
        {
            report.AppendLine().Append("listed as a difference, and none any more: ").Append(gone.Keys);
        }

        return report.ToString();
    }
}
