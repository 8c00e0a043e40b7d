using System.Text.RegularExpressions;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>A difference that is meant to be.</summary>
/// <param name="Keys">Lines of the transcript, <c>step | place</c>; a star stands for anything.</param>
/// <param name="Reason">Why, as docs/kafka-compatibility.md has it.</param>
internal sealed record KnownDifference(string Keys, string Reason)
{
    /// <summary>Whether it may be missing, because Kafka's answer hangs on how busy it is.</summary>
    public bool MayBeMissing { get; init; }

    private readonly Regex _pattern = new($@"\A{Regex.Escape(Keys).Replace(@"\*", ".*", StringComparison.Ordinal)}\z", RegexOptions.CultureInvariant);

    public bool Covers(string key) => _pattern.IsMatch(key);
}
