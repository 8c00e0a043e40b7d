using TattleTail.Archive.Catalog;

namespace TattleTail.Archive.Reading;

/// <summary>
/// Loads the chunks that those who read forwards will want next. Who goes on where the last read ended is followed: one chunk ahead, then two, four, up to a limit. The limit is halved whenever
/// a chunk was loaded in vain, because the cache is too small for all who read, and rises again by one for every so many that were not; while workers are wanted for those who wait, nothing is loaded ahead. Safe for concurrent use.
/// </summary>
internal sealed class ReadAhead(ChunkCache chunks, FileCatalog catalog, Workers workers)
{
    /// <summary>Chunks ahead of one reader, at most.</summary>
    public const int MostAhead = 8;

    /// <summary>Readers that are followed.</summary>
    private const int MostTrails = 256;

    private const int LoadsForOneMore = 16;

    private readonly BoundedCache<(Guid TopicId, int Partition, long Offset), Trail> _trails = new(MostTrails, _ => 1);
    private readonly Lock _lock = new();
    private int _limit = MostAhead;
    private int _sinceWaste;
    private volatile bool _closed;

    /// <summary>A chunk was dropped unread.</summary>
    public void Wasted()
    {
        lock (_lock)
        {
            _sinceWaste = 0;
            _limit = Math.Max(1, _limit / 2);
        }
    }

    /// <summary>A read went from one offset to another (exclusive).</summary>
    public void Follow(Guid topicId, int partition, long from, long next)
    {
        if (_closed)
        {
            return;
        }

        var isSequel = _trails.Remove((topicId, partition, from), out var trail);
        trail ??= new Trail(topicId, partition);
        bool starts;
        lock (trail)
        {
            trail.Reached(next);
            trail.Window = isSequel ? Math.Clamp(trail.Window * 2, 1, _limit) : 0;
            starts = !trail.IsRunning && trail.Ahead < trail.Window;
            trail.IsRunning |= starts;
        }

        _trails.Set((topicId, partition, next), trail);
        if (starts)
        {
            _ = workers.RunAsync(LoadReason.Ahead, () => RunAsync(trail));
        }
    }

    public void Close() => _closed = true;

    private async Task<int> RunAsync(Trail trail)
    {
        var loaded = 0;
        try
        {
            while (IsWanted(trail) && await LoadNextAsync(trail))
            {
                loaded++;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Who comes there reads it anew and is told.
        }
        finally
        {
            lock (trail)
            {
                trail.IsRunning = false;
            }
        }

        return loaded;
    }

    private bool IsWanted(Trail trail)
    {
        lock (trail)
        {
            return !_closed && !workers.AreBusy && trail.Ahead < Math.Min(trail.Window, _limit);
        }
    }

    private async Task<bool> LoadNextAsync(Trail trail)
    {
        var from = trail.LoadedTo;
        if (catalog.FindByOffset(trail.TopicId, trail.Partition, from) is not { } file
            || await chunks.FindAsync(file, trail.Partition, from, LoadReason.Ahead, CancellationToken.None) is not { } place)
        {
            return false;
        }

        var chunk = await chunks.HoldAsync(place, LoadReason.Ahead, CancellationToken.None);
        var end = chunk.Batches.FindLast(batch => batch.Partition == trail.Partition).LastOffset + 1;
        chunk.Release();
        lock (_lock)
        {
            _limit = ++_sinceWaste % LoadsForOneMore == 0 ? Math.Min(MostAhead, _limit + 1) : _limit;
        }

        lock (trail)
        {
            trail.Loaded(end);
        }

        return true;
    }

    /// <summary>One who reads forwards, and the ends of the chunks that are loaded ahead.</summary>
    private sealed class Trail(Guid topicId, int partition)
    {
        private readonly Queue<long> _ends = new();

        public Guid TopicId => topicId;

        public int Partition => partition;

        public int Window { get; set; }

        public bool IsRunning { get; set; }

        public int Ahead => _ends.Count;

        public long LoadedTo { get; private set; }

        public void Reached(long offset)
        {
            while (_ends.TryPeek(out var end) && end <= offset)
            {
                _ends.Dequeue();
            }

            LoadedTo = Math.Max(LoadedTo, offset);
        }

        public void Loaded(long end)
        {
            if (end > LoadedTo)
            {
                LoadedTo = end;
                _ends.Enqueue(end);
            }
        }
    }
}
