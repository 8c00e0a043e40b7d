namespace TattleTail.Simulation.Checking;

/// <summary>An entry that was given to the journal.</summary>
internal sealed class KnownEntry(long number, bool snapshot)
{
    public long Number => number;

    public bool IsSnapshot => snapshot;

    /// <summary>The journal said that it is durable.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>It was read after a recovery, or read by a client.</summary>
    public bool Served { get; set; }

    /// <summary>It was recovered without, or abandoned: it must never come back.</summary>
    public bool Gone { get; set; }

    /// <summary>Its segment was trimmed: it need not be there.</summary>
    public bool Trimmed { get; set; }
}

/// <summary>What was appended to a journal, in order, and what must be there after a recovery.</summary>
internal sealed class EntryBook(Findings findings)
{
    private readonly Dictionary<long, KnownEntry> _entries = [];

    public KnownEntry Append(bool snapshot)
    {
        var entry = new KnownEntry(_entries.Count + 1, snapshot);
        _entries.Add(entry.Number, entry);
        return entry;
    }

    public IEnumerable<KnownEntry> All => _entries.Values;

    /// <summary>A client read an entry.</summary>
    public void Serve(long number)
    {
        if (!_entries.TryGetValue(number, out var entry))
        {
            findings.Add("I6", $"entry {number} was never appended");
            return;
        }

        findings.Require(!entry.Gone, "I6", $"entry {number} was gone after a recovery and is there again");
        entry.Served = true;
    }

    /// <summary>Holds all that a recovered journal gives against what must be there.</summary>
    public void Recovered(IReadOnlyList<long> numbers, string why)
    {
        var there = new HashSet<long>();
        var last = 0L;
        foreach (var number in numbers)
        {
            findings.Require(there.Add(number), "I2", $"{why}: entry {number} is there twice");
            findings.Require(number > last, "I3", $"{why}: entry {number} comes after {last}");
            last = Math.Max(last, number);
            Serve(number);
        }

        foreach (var entry in _entries.Values)
        {
            if (there.Contains(entry.Number) || entry.Trimmed)
            {
                continue;
            }

            findings.Require(!entry.Acknowledged, "I1", $"{why}: entry {entry.Number} was acknowledged and is not there (last is {last})");
            findings.Require(!entry.Served, "I1", $"{why}: entry {entry.Number} was served and is not there (last is {last})");
            entry.Gone = true;
        }
    }
}
