using TattleTail.Log;

namespace TattleTail.Spew.Handlers;

/// <summary>Wakes a waiting fetch when one of its partitions grows, its time is up, or the connection ends. May wake for nothing; never misses.</summary>
internal sealed class FetchSignal : IDisposable
{
    private readonly List<IDisposable> _subscriptions;
    private readonly Timer _timer;
    private readonly CancellationTokenRegistration _ending;
    private volatile bool _timeUp;
    private volatile TaskCompletionSource _woken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FetchSignal(IReadOnlyList<LogPartition> partitions, TimeSpan wait, CancellationToken ending)
    {
        _subscriptions = new List<IDisposable>(partitions.Count);
        foreach (LogPartition partition in partitions)
        {
            _subscriptions.Add(partition.OnAdvance(Wake));
        }

        _timer = new Timer(static signal => ((FetchSignal)signal!).EndTime(), this, wait, Timeout.InfiniteTimeSpan);
        _ending = ending.UnsafeRegister(static signal => ((FetchSignal)signal!).Wake(), this);
    }

    /// <summary>The time to wait is over.</summary>
    public bool IsTimeUp => _timeUp;

    /// <summary>Forgets earlier wakings: look for news after it, then wait.</summary>
    public void Reset()
    {
        if (_woken.Task.IsCompleted)
        {
            _woken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits for a waking since <see cref="Reset"/>.</summary>
    public Task WaitAsync() => _woken.Task;

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        _timer.Dispose();
        _ending.Dispose();
    }

    private void EndTime()
    {
        _timeUp = true;
        Wake();
    }

    private void Wake() => _woken.TrySetResult();
}
