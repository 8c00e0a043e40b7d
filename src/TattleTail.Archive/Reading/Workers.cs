namespace TattleTail.Archive.Reading;

/// <summary>Why something is loaded from the store.</summary>
internal enum LoadReason
{
    /// <summary>Somebody waits for it.</summary>
    Wanted,

    /// <summary>Somebody will probably want it soon.</summary>
    Ahead,
}

/// <summary>Runs loads on the scheduler of the archive's readers and knows whether somebody waits for one that has not begun.</summary>
internal sealed class Workers(TaskScheduler scheduler)
{
    private int _waiting;

    /// <summary>There is more to load for those who wait than there are workers.</summary>
    public bool AreBusy => Volatile.Read(ref _waiting) > 0;

    /// <summary>Runs a load, its continuations too, on the workers.</summary>
    public Task<T> RunAsync<T>(LoadReason reason, Func<Task<T>> load)
    {
        var weight = reason == LoadReason.Wanted ? 1 : 0;
        Interlocked.Add(ref _waiting, weight);
        return Task.Factory.StartNew(
            () =>
            {
                Interlocked.Add(ref _waiting, -weight);
                return load();
            },
            CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }
}
