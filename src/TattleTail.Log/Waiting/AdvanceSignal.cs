namespace TattleTail.Log.Waiting;

/// <summary>Who wants to know that a partition's high watermark rose. A registration lives until it is disposed; none outlives its caller.</summary>
internal sealed class AdvanceSignal
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();

    /// <summary>Registrations now.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiters.Count;
            }
        }
    }

    /// <summary>Registers one who awaits <see cref="Waiter.Signalled"/>.</summary>
    public Waiter Register() => Register(null);

    /// <summary>Registers a callback, which runs under this object's lock and must only signal.</summary>
    public Waiter Register(Action? wake)
    {
        var waiter = new Waiter(this, wake);
        lock (_lock)
        {
            waiter.Place = _waiters.AddLast(waiter);
        }

        return waiter;
    }

    /// <summary>Wakes everybody who is registered.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            for (var node = _waiters.First; node is not null;)
            {
                var next = node.Next;
                node.Value.Wake();
                node = next;
            }
        }
    }

    /// <summary>One registration.</summary>
    internal sealed class Waiter(AdvanceSignal owner, Action? wake) : IDisposable
    {
        private TaskCompletionSource _signalled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public LinkedListNode<Waiter>? Place { get; set; }

        /// <summary>Completes at the next wake.</summary>
        public Task Signalled => Volatile.Read(ref _signalled).Task;

        public void Wake()
        {
            if (wake is not null)
            {
                wake();
            }
            else
            {
                Volatile.Read(ref _signalled).TrySetResult();
            }
        }

        /// <summary>Makes ready for another wake; the caller looks at the high watermark again before it waits.</summary>
        public void Rearm() => Volatile.Write(ref _signalled, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Dispose()
        {
            lock (owner._lock)
            {
                if (Place is { List: not null } place)
                {
                    owner._waiters.Remove(place);
                }
            }
        }
    }
}
