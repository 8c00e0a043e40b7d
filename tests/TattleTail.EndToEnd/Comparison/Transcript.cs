using System.Globalization;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>
/// All that a broker let be seen, one value a line, by the step of the script and the value's place in the answer. What every broker chooses for itself (ids, the time, its port) is written
/// as what it stands for.
/// </summary>
internal sealed class Transcript(int port)
{
    private readonly Dictionary<string, string> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> Lines => _lines;

    /// <summary>Writes a line down. No key may come twice, or one would hide the other.</summary>
    public void Add(string step, string place, string value) => _lines.Add($"{step} | {place}", value);

    /// <summary>The same, with a name instead of what a broker chose.</summary>
    public void AddField(string step, string place, string field, object? value) => Add(step, place, Write(field, value));

    /// <summary>The leader epoch of a topic that was just made, from which brokers count.</summary>
    public int FirstEpoch { get; set; }

    /// <summary>A leader epoch, counted from the first.</summary>
    public string EpochName(int epoch) => epoch < 0 ? "none" : epoch == FirstEpoch ? "the first" : $"the first + {epoch - FirstEpoch}";

    /// <summary>The n-th thing of a kind that the broker made up, in the order in which they were seen; as it is when it is empty.</summary>
    public string NameOf(string kind, string chosen)
    {
        if (chosen.Length > 0 && !_names.ContainsKey(kind + chosen))
        {
            _names[kind + chosen] = $"{kind} {_names.Keys.Count(key => key.StartsWith(kind, StringComparison.Ordinal)) + 1}";
        }

        return chosen.Length == 0 ? "" : _names[kind + chosen];
    }

    private static bool IsNow(long time) => Math.Abs(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - time) < 600_000;

    private string Write(string field, object? value) => (field, value) switch
    {
        (_, null) => "null",
        ("LeaderEpoch" or "CommittedLeaderEpoch", int epoch) => EpochName(epoch),
        ("ErrorCode", short code) => $"{code} {(Confluent.Kafka.ErrorCode)code}",
        (_, Guid id) => id == Guid.Empty ? "none" : "given",
        ("ClusterId", _) => "given",
        ("Port", int given) => given == port ? "its own" : Text(given),
        ("MemberId" or "Leader", string id) => NameOf("member", id),
        ("ProducerId", long id) when id >= 0 => NameOf("producer", Text(id)),
        ("Timestamp" or "LogAppendTimeMs", long time) when IsNow(time) => "now",
        (_, ReadOnlyMemory<byte> bytes) => $"{bytes.Length} bytes {Convert.ToHexString(bytes.Span)}",
        (_, int[] numbers) => $"[{string.Join(", ", numbers)}]",
        (_, string text) => $"'{text}'",
        _ => Text(value),
    };

    private static string Text(object value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
