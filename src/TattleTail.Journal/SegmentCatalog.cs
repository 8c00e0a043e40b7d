namespace TattleTail.Journal;

/// <summary>
/// The segments of a journal, who reads them, and which of them hold a partition's offsets. Its lock is held for memory work only, never for I/O.
/// </summary>
internal sealed class SegmentCatalog(JournalOptions options)
{
    private readonly Lock _lock = new();
    private readonly List<Segment> _segments = [];
    private readonly Dictionary<StreamPartition, List<Run>> _runs = [];
    private readonly Queue<string> _spares = new();
    private readonly List<Segment> _cached = [];
    private long _cachedBytes;

    /// <summary>A partition's events in one segment.</summary>
    private readonly record struct Run(Segment Segment, long First, long Last);

    public Segment Open
    {
        get
        {
            lock (_lock)
            {
                return _segments[^1];
            }
        }
    }

    public long? LastSnapshot { get; private set; }

    /// <summary>Adds a segment behind the others, with what is known of it.</summary>
    public void Add(Segment segment)
    {
        lock (_lock)
        {
            _segments.Add(segment);
            foreach (var content in segment.Content)
            {
                Runs(content.Partition).Add(new Run(segment, content.FirstOffset, content.LastOffset));
            }
        }
    }

    /// <summary>Makes a durable snapshot the newest.</summary>
    public void NoteSnapshot(long position) => LastSnapshot = Math.Max(LastSnapshot ?? position, position);

    /// <summary>Adds a written batch to the open segment; it is given to readers only once it is durable.</summary>
    public void AddBatch(Segment open, StreamPartition partition, in IndexedBatch batch)
    {
        lock (_lock)
        {
            if (!open.Index!.TryAdd(partition, batch))
            {
                return;
            }

            var runs = Runs(partition);
            if (runs.Count > 0 && runs[^1].Segment == open)
            {
                runs[^1] = runs[^1] with { Last = batch.LastOffset };
            }
            else
            {
                runs.Add(new Run(open, batch.FirstOffset, batch.LastOffset));
            }
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

    /// <summary>A segment takes no more entries; its index may leave memory when a footer was written.</summary>
    public void Close(Segment segment, FooterPlace? footer)
    {
        lock (_lock)
        {
            segment.IsOpen = false;
            segment.Content = segment.Index!.Summarize();
            segment.Footer = footer;
            if (footer is not null)
            {
                Cache(segment);
            }
        }
    }

    public IReadOnlyList<SegmentSummary> Summaries()
    {
        lock (_lock)
        {
            return [.. _segments.Select(s => new SegmentSummary(s.Number, s.Start, s.End, s.File.Length, s.IsOpen, s.Quarantined))];
        }
    }

    public IReadOnlyList<Segment> All()
    {
        lock (_lock)
        {
            return [.. _segments];
        }
    }

    public IReadOnlyList<SegmentContent>? Content(long number)
    {
        lock (_lock)
        {
            var segment = _segments.Find(s => s.Number == number);
            return segment is null ? null : segment.IsOpen ? segment.Index!.Summarize() : segment.Content;
        }
    }

    public long? FirstOffset(StreamPartition partition)
    {
        lock (_lock)
        {
            return _runs.TryGetValue(partition, out var runs) && runs.Count > 0 ? runs[0].First : null;
        }
    }

    /// <summary>Holds the segments that have a partition's offsets from one on, in order, at most <paramref name="count"/>. Give each back with <see cref="Release"/>.</summary>
    public List<Segment> Hold(StreamPartition partition, long fromOffset, int count)
    {
        lock (_lock)
        {
            var held = new List<Segment>();
            if (_runs.TryGetValue(partition, out var runs))
            {
                for (var i = FirstRun(runs, fromOffset); i < runs.Count && held.Count < count; i++)
                {
                    runs[i].Segment.Readers++;
                    held.Add(runs[i].Segment);
                }
            }

            return held;
        }
    }

    /// <summary>Holds the segment with a position; null when it is gone.</summary>
    public Segment? HoldAt(long position)
    {
        lock (_lock)
        {
            var segment = _segments.FindLast(s => s.Start <= position);
            if (segment is not null)
            {
                segment.Readers++;
            }

            return segment;
        }
    }

    public void Release(Segment segment)
    {
        lock (_lock)
        {
            if (--segment.Readers == 0 && segment.Trimmed)
            {
                segment.File.Dispose();
            }
        }
    }

    /// <summary>A partition's batches in a segment from an offset on that lie below a position; reads the footer when the index is not in memory.</summary>
    public List<IndexedBatch> Batches(Segment segment, StreamPartition partition, long fromOffset, long below, long maxBytes)
    {
        SegmentIndex? index;
        lock (_lock)
        {
            index = segment.Index;
        }

        index ??= LoadIndex(segment);
        lock (_lock)
        {
            var batches = index.Batches(partition);
            var found = new List<IndexedBatch>();
            long bytes = 0;
            for (var i = SegmentIndex.FirstAtOrAfter(batches, fromOffset); i < batches.Count && batches[i].Position < below; i++)
            {
                bytes += batches[i].PayloadLength;
                if (found.Count > 0 && bytes > maxBytes)
                {
                    break;
                }

                found.Add(batches[i]);
            }

            return found;
        }
    }

    /// <summary>Takes the segments below a number out; the caller removes their files.</summary>
    public List<Segment> TakeBelow(long number)
    {
        lock (_lock)
        {
            var taken = new List<Segment>();
            while (_segments.Count > 1 && _segments[0].Number < number && !_segments[0].IsOpen)
            {
                taken.Add(_segments[0]);
                Forget(_segments[0]);
                _segments.RemoveAt(0);
            }

            return taken;
        }
    }

    /// <summary>Takes out a segment that holds nothing.</summary>
    public void Remove(Segment empty)
    {
        lock (_lock)
        {
            _segments.Remove(empty);
        }
    }

    /// <summary>Closes a trimmed segment's file, now or when its last reader lets go; true when nobody holds it and the file may be used again.</summary>
    public bool Retire(Segment segment)
    {
        lock (_lock)
        {
            segment.Trimmed = true;
            if (segment.Readers > 0)
            {
                return false;
            }

            segment.File.Dispose();
            return true;
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

    public int SpareCount
    {
        get
        {
            lock (_lock)
            {
                return _spares.Count;
            }
        }
    }

    private static int FirstRun(List<Run> runs, long offset)
    {
        var low = 0;
        var high = runs.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (runs[middle].Last < offset)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    private SegmentIndex LoadIndex(Segment segment)
    {
        var place = segment.Footer!.Value;
        var body = new byte[place.Length];
        var index = segment.File.Read(place.Offset, body) == body.Length ? SegmentFooter.Decode(body, place.Crc, segment.Header) : null;

        // A footer that was sound at start and is not now: the entries themselves still tell.
        index ??= SegmentScan.Of(segment, segment.End, segment.End, options.MaxEntryBytes).Index;
        lock (_lock)
        {
            if (segment.Index is null)
            {
                segment.Index = index;
                Cache(segment);
            }

            return segment.Index;
        }
    }

    private void Cache(Segment segment)
    {
        _cached.Add(segment);
        _cachedBytes += segment.Index!.MemoryBytes;
        while (_cachedBytes > options.FooterCacheBytes && _cached.Count > 1)
        {
            var oldest = _cached[0];
            _cached.RemoveAt(0);
            _cachedBytes -= oldest.Index!.MemoryBytes;
            oldest.Index = null;
        }
    }

    private void Forget(Segment segment)
    {
        if (_cached.Remove(segment))
        {
            _cachedBytes -= segment.Index!.MemoryBytes;
        }

        foreach (var content in segment.Content)
        {
            if (_runs.TryGetValue(content.Partition, out var runs) && runs.Count > 0 && runs[0].Segment == segment)
            {
                runs.RemoveAt(0);
                if (runs.Count == 0)
                {
                    _runs.Remove(content.Partition);
                }
            }
        }
    }

    private List<Run> Runs(StreamPartition partition)
    {
        if (!_runs.TryGetValue(partition, out var runs))
        {
            runs = [];
            _runs.Add(partition, runs);
        }

        return runs;
    }
}
