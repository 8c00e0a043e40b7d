namespace TattleTail.Spew.Connections;

/// <summary>
/// A budget of bytes for the whole process, handed out in the order of asking, so that a large request is not passed for ever by small ones. What is asked for is granted
/// when it fits or when nothing else is out: a request larger than the budget goes alone rather than never. Safe for concurrent use.
/// </summary>
/// <param name="limit">Bytes out at once.</param>
/// <param name="changed">Told of every change, in bytes; for metrics.</param>
internal sealed class RequestMemory(long limit, Action<long>? changed = null)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = [];
    private long _out;

    /// <summary>Bytes handed out now.</summary>
    public long Out
    {
        get
        {
            lock (_lock)
            {
                return _out;
            }
        }
    }

    /// <summary>How many wait for bytes.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Takes bytes, waiting for them when they are spent. The caller gives them back with <see cref="Release"/>.</summary>
    public ValueTask AcquireAsync(long bytes, CancellationToken cancel)
    {
        Waiter waiter;
        lock (_lock)
        {
            if (_waiters.Count == 0 && Fits(bytes))
            {
                Take(bytes);
                return ValueTask.CompletedTask;
            }

            waiter = new Waiter(bytes);
            _waiters.AddLast(waiter);
        }

        return WaitAsync(waiter, cancel);
    }

    /// <summary>Takes bytes at once, beyond the limit if need be: for what turned out larger than what was asked for, and is there already.</summary>
    public void Add(long bytes)
    {
        lock (_lock)
        {
            Take(bytes);
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
        {
            _out -= bytes;
            changed?.Invoke(-bytes);
            GrantWaiters();
        }
    }

    private async ValueTask WaitAsync(Waiter waiter, CancellationToken cancel)
    {
        await using CancellationTokenRegistration registration = cancel.Register(() => GiveUp(waiter, cancel));
        await waiter.Task;
    }

    private void GiveUp(Waiter waiter, CancellationToken cancel)
    {
        lock (_lock)
        {
            // Granted in the meantime: then the bytes are the caller's, as if it had not been cancelled.
            if (_waiters.Remove(waiter))
            {
                waiter.TrySetCanceled(cancel);
                GrantWaiters();
            }
        }
    }

    private void GrantWaiters()
    {
        while (_waiters.First is { } first && Fits(first.Value.Bytes))
        {
            _waiters.RemoveFirst();
            Take(first.Value.Bytes);
            first.Value.TrySetResult();
        }
    }

    private bool Fits(long bytes) => _out == 0 || bytes <= limit - _out;

    private void Take(long bytes)
    {
        _out += bytes;
        changed?.Invoke(bytes);
    }

    private sealed class Waiter(long bytes) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public long Bytes { get; } = bytes;
    }
}
