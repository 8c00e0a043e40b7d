namespace TattleTail.Journal;

/// <summary>
/// The segments of a journal, who reads them, and which of them hold a partition's offsets. Its lock is held for memory work only, never for I/O.
/// </summary>
internal sealed class SegmentCatalog(JournalOptions options)
{
    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private readonly ListRuns _runs = new();
    private readonly Queue<string> _spares = new();
    private readonly FooterCache _footers = new(options.FooterCacheBytes);
    private readonly List<JournalCorruption> _damage = [];
    private long? _lastSnapshot;

    public Segment Open => Locked(() => _segments[^1]);

    public long? LastSnapshot => Locked(() => _lastSnapshot);

    public IReadOnlyList<Segment> All => Locked(() => _segments.ToArray());

    public IReadOnlyList<SegmentSummary> Summaries =>
        Locked(() => _segments.Select(s => new SegmentSummary(s.Number, s.Start, s.End, s.FileBytes, s.IsOpen, s.Quarantined)).ToArray());

    public long Bytes => Locked(() => _segments.Sum(s => s.FileBytes));

    public IReadOnlyList<JournalCorruption> Damage => Locked(() => _damage.ToArray());

    public int SpareCount => Locked(() => _spares.Count);

    /// <summary>Adds a segment behind the others, with what is known of it.</summary>
    public void Add(Segment segment)
    {
        lock (_lock)
        {
            _segments.Add(segment);
            _runs.Add(segment);
        }
    }

    /// <summary>Makes a durable snapshot the newest.</summary>
    public void NoteSnapshot(long position)
    {
        lock (_lock)
        {
            _lastSnapshot = Math.Max(_lastSnapshot ?? position, position);
        }
    }

    /// <summary>Damage that recovery found, or a reader later.</summary>
    public void NoteDamage(Segment? segment, JournalCorruption damage)
    {
        lock (_lock)
        {
            if (!_damage.Exists(known => known.From <= damage.From && damage.To <= known.To))
            {
                _damage.Add(damage);
            }

            if (segment is not null)
            {
                segment.Quarantined = true;
            }
        }
    }

    /// <summary>Adds a batch to the open segment; it is given to readers only once it is durable.</summary>
    public void AddBatch(Segment open, StreamPartition partition, in IndexedBatch batch)
    {
        var key = new ListKey(partition, Relocated: false);
        lock (_lock)
        {
            if (_runs.Last(key) >= batch.FirstOffset || !open.Index!.TryAdd(key, batch))
            {
                throw new InvalidOperationException($"{partition}: offset {batch.FirstOffset} was appended behind offset {_runs.Last(key)}");
            }

            _runs.Add(open, key, batch);
        }
    }

    public void AddSnapshot(Segment open, long position)
    {
        lock (_lock)
        {
            open.Index!.Snapshots.Add(position);
        }
    }

    public void SetEnd(Segment segment, long end)
    {
        lock (_lock)
        {
            segment.End = end;
        }
    }

    /// <summary>A segment takes no more entries, and its footer is durable: its index leaves memory.</summary>
    public void Close(Segment segment, FooterDirectory footer, long fileBytes)
    {
        lock (_lock)
        {
            segment.IsOpen = false;
            segment.Directory = footer.Lists;
            segment.Snapshots = footer.Snapshots;
            segment.FileBytes = fileBytes;
            segment.Index = null;
        }
    }

    public IReadOnlyList<SegmentContent> Content(long number)
    {
        lock (_lock)
        {
            var segment = _segments.Find(s => s.Number == number);
            return segment is null ? [] : [.. (segment.IsOpen ? segment.Index!.Summarize() : segment.Directory).Select(list => list.ToContent())];
        }
    }

    public long? FirstOffset(StreamPartition partition)
    {
        lock (_lock)
        {
            var normal = _runs.First(new ListKey(partition, Relocated: false));
            var relocated = _runs.First(new ListKey(partition, Relocated: true));
            return normal is { } n && relocated is { } r ? Math.Min(n, r) : normal ?? relocated;
        }
    }

    /// <summary>The last offset of a list, durable or not; null when it has none.</summary>
    public long? LastOffset(ListKey key) => Locked(() => _runs.Last(key));

    /// <summary>Holds the segment in which a list's offset, or the next one behind it, lies; null when there is none. Give it back with <see cref="Release"/>.</summary>
    public Run? Hold(ListKey key, long fromOffset)
    {
        lock (_lock)
        {
            var run = _runs.At(key, fromOffset);
            if (run is { } found)
            {
                found.Segment.Readers++;
            }

            return run;
        }
    }

    /// <summary>Holds the first segment that ends above a position; null when none does.</summary>
    public Segment? HoldAbove(long position)
    {
        lock (_lock)
        {
            var segment = _segments.Find(s => s.End > position);
            if (segment is not null)
            {
                segment.Readers++;
            }

            return segment;
        }
    }

    /// <summary>Holds the segment that so many bytes of newer ones follow; null when there are not so many.</summary>
    public Segment? HoldBehind(long bytes)
    {
        lock (_lock)
        {
            for (var i = _segments.Count - 1; i >= 0; i--)
            {
                if (bytes <= 0)
                {
                    _segments[i].Readers++;
                    return _segments[i];
                }

                bytes -= _segments[i].FileBytes;
            }

            return null;
        }
    }

    public void Release(Segment segment)
    {
        lock (_lock)
        {
            if (--segment.Readers == 0 && segment.Retired)
            {
                segment.File.Dispose();
            }
        }
    }

    /// <summary>
    /// A list's batches in a held segment, from an offset on, that lie below a position, up to some bytes but at least one; reads the footer's list when it is not in memory.
    /// </summary>
    public List<IndexedBatch> Batches(Segment segment, ListKey key, long fromOffset, long below, long maxBytes)
    {
        lock (_lock)
        {
            if (segment.Index is { } index)
            {
                return Select(index.Batches(key), fromOffset, below, maxBytes);
            }
        }

        return Select(_footers.Find(segment.Number, key) ?? Load(segment, key), fromOffset, below, maxBytes);
    }

    /// <summary>Takes the oldest segment out when its number is below another and it is not open; null when there is none. <paramref name="held"/>: somebody reads it.</summary>
    public Segment? TakeOldest(long below, out bool held)
    {
        lock (_lock)
        {
            held = false;
            if (_segments.Count < 2 || _segments[0].Number >= below || _segments[0].IsOpen)
            {
                return null;
            }

            var oldest = _segments[0];
            _segments.RemoveAt(0);
            _runs.Remove(oldest);
            foreach (var list in oldest.Directory)
            {
                _footers.Forget(oldest.Number, list.Key);
            }

            held = oldest.Readers > 0;
            return oldest;
        }
    }

    /// <summary>Puts back what was taken out, when its file could not be removed.</summary>
    public void PutBack(Segment oldest)
    {
        lock (_lock)
        {
            _segments.Insert(0, oldest);
            _runs.Add(oldest, first: true);
        }
    }

    /// <summary>Closes the file of a segment that was taken out, now or when its last reader lets go.</summary>
    public void Retire(Segment segment)
    {
        lock (_lock)
        {
            segment.Retired = true;
            if (segment.Readers == 0)
            {
                segment.File.Dispose();
            }
        }
    }

    public void AddSpare(string name)
    {
        lock (_lock)
        {
            _spares.Enqueue(name);
        }
    }

    public string? TakeSpare()
    {
        lock (_lock)
        {
            return _spares.TryDequeue(out var name) ? name : null;
        }
    }

    private static List<IndexedBatch> Select(IReadOnlyList<IndexedBatch> batches, long fromOffset, long below, long maxBytes)
    {
        var selected = new List<IndexedBatch>();
        long bytes = 0;
        for (var i = SegmentIndex.FirstAtOrAfter(batches, fromOffset); i < batches.Count && batches[i].Position < below; i++)
        {
            bytes += batches[i].PayloadLength;
            if (selected.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            selected.Add(batches[i]);
        }

        return selected;
    }

    private IReadOnlyList<IndexedBatch> Load(Segment segment, ListKey key)
    {
        if (segment.Find(key) is not { } summary)
        {
            return [];
        }

        var bytes = new byte[summary.Place.Length];
        var batches = segment.File.Read(summary.Place.FileOffset, bytes) == bytes.Length
            ? SegmentFooter.DecodeList(bytes, summary, segment.Start, segment.End, options.MaxEntryBytes)
            : null;
        if (batches is not null)
        {
            _footers.Add(segment.Number, key, batches);
            return batches;
        }

        // A footer's directory that was sound at start with a list that is not: the entries themselves still tell.
        var index = SegmentScan.Of(segment, segment.End, segment.End, options.MaxEntryBytes).Index;
        lock (_lock)
        {
            segment.Index ??= index;
        }

        return index.Batches(key);
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
