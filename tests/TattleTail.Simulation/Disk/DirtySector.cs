namespace TattleTail.Simulation.Disk;

/// <summary>What a sector held since the disk last agreed with the cache, in order of writing.</summary>
internal sealed class DirtySector
{
    private const int MostVersions = 6;

    private readonly List<(long Stamp, byte[] Bytes)> _versions = [];
    private long _lostUntil = -1;

    /// <summary>Cache and disk agree.</summary>
    public bool IsClean => _versions.Count == 0;

    public void Add(long stamp, byte[] bytes)
    {
        _versions.Add((stamp, bytes));
        if (_versions.Count > MostVersions)
        {
            _versions.RemoveAt(0);
        }
    }

    /// <summary>The bytes that a successful sync puts on the disk, null when there are none to put (all of them lost to an earlier failure).</summary>
    public byte[]? Settle(long until)
    {
        var last = _versions.FindLastIndex(version => version.Stamp <= until && version.Stamp > _lostUntil);
        if (last < 0)
        {
            return null;
        }

        var bytes = _versions[last].Bytes;
        _versions.RemoveRange(0, last + 1);
        return bytes;
    }

    /// <summary>A sync failed: what was written until then may or may not be on the disk, and is clean for the kernel.</summary>
    public void Lose(long until) => _lostUntil = Math.Max(_lostUntil, until);

    /// <summary>One of the versions, as writeback may have caught it.</summary>
    public byte[] Any(Random random, bool last) => _versions[last ? _versions.Count - 1 : random.Next(_versions.Count)].Bytes;
}
