namespace TattleTail.Simulation.Disk;

/// <summary>
/// One file's bytes as the page cache and the disk see them. What was written and not synced is kept as versions of 512-byte sectors: a power cut leaves, for each
/// sector on its own, what the disk had or any version since. A sync that fails marks the versions as lost: they still read well, no later sync writes them (as on Linux, where the pages
/// are clean then), and only the power cut tells what became of them.
/// </summary>
internal sealed class CachedFile(long id)
{
    public const int SectorBytes = 512;

    private readonly SortedDictionary<int, DirtySector> _dirty = [];
    private readonly List<(long Stamp, int Length)> _lengths = [];
    private byte[] _cache = [];
    private byte[] _disk = [];
    private int _diskLength;

    public long Id => id;

    public int Length { get; private set; }

    /// <summary>Open handles; a file without a name lives as long as they do.</summary>
    public int Handles { get; set; }

    /// <summary>Bytes that it takes of the disk's room.</summary>
    public long Room => (Math.Max(Length, _diskLength) + 4095L) / 4096 * 4096;

    /// <summary>Tells whether a power cut could lose something.</summary>
    public bool IsDirty => _dirty.Count > 0 || _lengths.Count > 0;

    public ReadOnlySpan<byte> Content => _cache.AsSpan(0, Length);

    public int Read(long position, Span<byte> buffer)
    {
        var count = (int)Math.Clamp(Length - position, 0, buffer.Length);
        _cache.AsSpan((int)Math.Min(position, Length), count).CopyTo(buffer);
        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> bytes, long stamp)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var end = checked((int)position + bytes.Length);
        if (end > Length)
        {
            Grow(ref _cache, end);
            Length = end;
            _lengths.Add((stamp, end));
        }

        bytes.CopyTo(_cache.AsSpan((int)position));
        for (var sector = (int)position / SectorBytes; sector * SectorBytes < end; sector++)
        {
            Dirty(sector, stamp);
        }
    }

    public void SetLength(int length, long stamp)
    {
        if (length == Length)
        {
            return;
        }

        if (length < Length)
        {
            _cache.AsSpan(length, Length - length).Clear();
            foreach (var sector in _dirty.Keys.Where(sector => sector * SectorBytes >= length).ToList())
            {
                _dirty.Remove(sector);
            }
        }

        Grow(ref _cache, length);
        Length = length;
        _lengths.Add((stamp, length));
        if (length % SectorBytes != 0)
        {
            Dirty(length / SectorBytes, stamp);
        }
    }

    /// <summary>A sync that began at a stamp succeeded: what was written until then, and is not lost, is on the disk.</summary>
    public void Synced(long until)
    {
        foreach (var (stamp, length) in _lengths)
        {
            if (stamp <= until)
            {
                SetDiskLength(length);
            }
        }

        _lengths.RemoveAll(change => change.Stamp <= until);
        foreach (var (number, sector) in _dirty.ToList())
        {
            if (sector.Settle(until) is { } bytes)
            {
                PutOnDisk(number, bytes);
            }

            if (sector.IsClean)
            {
                _dirty.Remove(number);
            }
        }
    }

    /// <summary>A sync that began at a stamp failed.</summary>
    public void SyncFailed(long until)
    {
        foreach (var sector in _dirty.Values)
        {
            sector.Lose(until);
        }
    }

    /// <summary>The power goes: the cache is gone, the disk has what the mood of the crash let through.</summary>
    public void PowerCut(Random random, CrashMood mood)
    {
        if (_lengths.Count > 0 && mood.Keeps(random))
        {
            var kept = mood.Last ? _lengths.Count : random.Next(_lengths.Count) + 1;
            foreach (var (_, length) in _lengths.Take(kept))
            {
                SetDiskLength(length);
            }
        }

        foreach (var (number, sector) in _dirty)
        {
            if (mood.Keeps(random))
            {
                PutOnDisk(number, sector.Any(random, mood.Last));
            }
        }

        _dirty.Clear();
        _lengths.Clear();
        _cache = _disk.AsSpan(0, _diskLength).ToArray();
        Length = _diskLength;
        Handles = 0;
    }

    /// <summary>Changes a byte on the disk and in the cache, as a failing medium does.</summary>
    public void Damage(int position, byte mask)
    {
        _cache[position] ^= mask;
        if (position < _diskLength)
        {
            _disk[position] ^= mask;
        }
    }

    private static void Grow(ref byte[] bytes, int length)
    {
        if (bytes.Length < length)
        {
            Array.Resize(ref bytes, Math.Max(length, bytes.Length * 2));
        }
    }

    private void Dirty(int sector, long stamp)
    {
        if (!_dirty.TryGetValue(sector, out var versions))
        {
            _dirty[sector] = versions = new DirtySector();
        }

        var start = sector * SectorBytes;
        Grow(ref _cache, start + SectorBytes);
        versions.Add(stamp, _cache.AsSpan(start, SectorBytes).ToArray());
    }

    private void SetDiskLength(int length)
    {
        Grow(ref _disk, length);
        if (length < _diskLength)
        {
            _disk.AsSpan(length, _diskLength - length).Clear();
        }

        _diskLength = length;
    }

    private void PutOnDisk(int sector, byte[] bytes)
    {
        var start = sector * SectorBytes;
        if (start < _diskLength)
        {
            bytes.AsSpan(0, Math.Min(SectorBytes, _diskLength - start)).CopyTo(_disk.AsSpan(start));
        }
    }
}
