using System.Collections.Concurrent;

namespace TattleTail.Platform;

/// <summary>
/// A scheduler that runs its tasks on threads of its own, in the order in which they were queued; with one thread, one after another. This is the thin
/// shell in which deterministic rooms run in production: the journal's writer and sync loops, the sealer and archive reads.
/// </summary>
public sealed class DedicatedThreads : TaskScheduler, IDisposable
{
    [ThreadStatic]
    private static DedicatedThreads? _current;

    private readonly BlockingCollection<Task> _queue = [];
    private readonly Thread[] _threads;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">Their name in debuggers and <c>top -H</c>.</param>
    /// <param name="priority">On Linux, where .NET's priorities do nothing, below normal is the nice value 5, lowest the idle policy, and those above normal are normal.</param>
    /// <param name="count">How many.</param>
    public DedicatedThreads(string name, ThreadPriority priority = ThreadPriority.Normal, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        _threads = [.. Enumerable.Range(0, count).Select(_ => new Thread(() => Run(priority)) { Name = name, IsBackground = true, Priority = priority })];
        Array.ForEach(_threads, thread => thread.Start());
    }

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => _threads.Length;

    /// <summary>Lets the queued tasks finish, then ends the threads.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        if (_current != this)
        {
            Array.ForEach(_threads, thread => thread.Join());
            _queue.Dispose();
        }
    }

    /// <inheritdoc />
    protected override void QueueTask(Task task) => _queue.Add(task);

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => _current == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();

    private void Run(ThreadPriority priority)
    {
        _current = this;
        NativeThreads.SetPriority(priority);
        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }
}
