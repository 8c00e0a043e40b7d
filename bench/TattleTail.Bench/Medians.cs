namespace TattleTail.Bench;

/// <summary>What the figures of several turns come to.</summary>
internal static class Medians
{
    /// <summary>The one in the middle; of two the larger.</summary>
    public static double Of(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);
}
