namespace TattleTail.Journal;

/// <summary>
/// The entries between their callers and the disk: waiting to be written, written and waiting for a sync, done. What has been written, what is durable and the fault change together, under one lock,
/// so that after a fault nothing more becomes durable.
/// </summary>
internal sealed class AppendQueue(long position)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<PendingEntry> _waiting = new();
    private readonly Queue<PendingEntry> _taken = new();
    private bool _closing;
    private Exception? _fault;
    private long _written = position;
    private long _durable = position;

    /// <summary>Something waits to be written, or the state changed.</summary>
    public AsyncSignal Work { get; } = new();

    /// <summary>Something waits to be synced, or the state changed.</summary>
    public AsyncSignal Written { get; } = new();

    /// <summary>A sync began or ended, or the state changed.</summary>
    public AsyncSignal Progress { get; } = new();

    public long Position => Volatile.Read(ref _written);

    public long Durable => Volatile.Read(ref _durable);

    public Exception? Fault => Volatile.Read(ref _fault);

    public Task Faulted => _faulted.Task;

    public Task<long> Add(PendingEntry entry)
    {
        lock (_lock)
        {
            if (_fault is not null || _closing)
            {
                entry.Fail(_fault is null ? new JournalFaultedException("the journal is closed") : Unavailable(_fault));
                return entry.Completion;
            }

            _waiting.Enqueue(entry);
        }

        Work.Set();
        return entry.Completion;
    }

    /// <summary>Takes the next entry to write; false when none waits.</summary>
    public bool TryTake(out PendingEntry entry)
    {
        lock (_lock)
        {
            if (_fault is not null || !_waiting.TryDequeue(out entry!))
            {
                entry = null!;
                return false;
            }

            _taken.Enqueue(entry);
            return true;
        }
    }

    /// <summary>An entry that was taken is not written: only its own caller is told.</summary>
    public void Refuse(PendingEntry refused, Exception reason)
    {
        lock (_lock)
        {
            for (var i = _taken.Count; i > 0; i--)
            {
                var entry = _taken.Dequeue();
                if (entry != refused)
                {
                    _taken.Enqueue(entry);
                }
            }
        }

        refused.Fail(reason);
    }

    /// <summary>Tells whether something waits, and if not whether nothing more will come.</summary>
    public bool HasWork(out bool closing)
    {
        lock (_lock)
        {
            closing = _closing;
            return _waiting.Count > 0;
        }
    }

    /// <summary>Everything that was accepted is durable, and nothing more will come.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_lock)
            {
                return _closing && _waiting.Count == 0 && _taken.Count == 0;
            }
        }
    }

    /// <summary>Bytes were written up to a position.</summary>
    public void Wrote(long end)
    {
        Volatile.Write(ref _written, end);
        Written.Set();
    }

    /// <summary>Bytes are on disk up to a position; completes who waited for them. False after a fault: then nothing counts any more.</summary>
    public bool TryAdvance(long durable, Action<PendingEntry> completing)
    {
        lock (_lock)
        {
            if (_fault is not null)
            {
                return false;
            }

            Volatile.Write(ref _durable, durable);
        }

        while (NextDurable(durable) is { } entry)
        {
            completing(entry);
            entry.Complete();
        }

        Progress.Set();
        return true;
    }

    /// <summary>Stops acknowledgement for good and fails who waits.</summary>
    public void Fail(Exception reason)
    {
        List<PendingEntry> lost = [];
        lock (_lock)
        {
            if (_fault is null)
            {
                Volatile.Write(ref _fault, reason);
            }

            reason = _fault!;
            lost.AddRange(_taken);
            lost.AddRange(_waiting);
            _taken.Clear();
            _waiting.Clear();
        }

        foreach (var entry in lost)
        {
            entry.Fail(Unavailable(reason));
        }

        Wake();
        _faulted.TrySetResult();
    }

    /// <summary>Accepts nothing more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closing = true;
        }

        Wake();
    }

    private PendingEntry? NextDurable(long durable)
    {
        lock (_lock)
        {
            return _taken.TryPeek(out var entry) && entry.End <= durable ? _taken.Dequeue() : null;
        }
    }

    private void Wake()
    {
        Work.Set();
        Written.Set();
        Progress.Set();
    }

    private static JournalFaultedException Unavailable(Exception reason) => new($"the journal acknowledges nothing since a fault: {reason.Message}", reason);
}
