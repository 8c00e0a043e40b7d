namespace TattleTail.Spew.Groups;

/// <summary>Member ids that were handed out to clients which have not joined with them yet, and when each ends (KIP-394). Guarded by the group's lock.</summary>
internal sealed class HandedOutIds
{
    private readonly Dictionary<string, long> _untilById = new(StringComparer.Ordinal);

    public int Count => _untilById.Count;

    /// <summary>When the first of them ends; <see cref="long.MaxValue"/>: there are none.</summary>
    public long NextDeadline
    {
        get
        {
            long next = long.MaxValue;
            foreach (long until in _untilById.Values)
            {
                next = Math.Min(next, until);
            }

            return next;
        }
    }

    public void Add(string id, long until) => _untilById[id] = until;

    public bool Contains(string id) => _untilById.ContainsKey(id);

    /// <summary>Its client joined, or will not. False when it was not handed out, or has ended.</summary>
    public bool Take(string id) => _untilById.Remove(id);

    /// <summary>Ends those whose time is over.</summary>
    public void Expire(long now)
    {
        foreach (string id in _untilById.Where(p => p.Value <= now).Select(p => p.Key).ToList())
        {
            _untilById.Remove(id);
        }
    }
}
