namespace TattleTail.Journal;

/// <summary>The loops of an open journal: one writes, one syncs, one marks.</summary>
internal sealed class GroupCommit : IDisposable
{
    private readonly JournalOptions _options;
    private readonly AppendQueue _queue;
    private readonly SyncLoop _syncs;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _loops;

    public GroupCommit(JournalOptions options, SegmentCatalog catalog, int epoch, bool isRescued)
    {
        _options = options;
        _queue = new AppendQueue(catalog.Open.End);
        _syncs = new SyncLoop(options, catalog, _queue);
        var writer = new WriterLoop(options, catalog, _queue, _syncs, epoch);
        if (isRescued)
        {
            // The copied entries say that they are durable only by what is written behind them.
            _ = _queue.Add(new PendingEntry(EntryKind.Mark, null, default));
        }

        _loops = Task.WhenAll(Start(writer.RunAsync, options.Writer), Start(_syncs.RunAsync, options.Sync), Start(MarkAsync, options.Writer));
    }

    public AppendQueue Queue => _queue;

    public Action<long, TimeSpan>? Synced
    {
        get => _syncs.Synced;
        set => _syncs.Synced = value;
    }

    /// <summary>Lets what was accepted become durable, then ends the loops.</summary>
    public Task CloseAsync()
    {
        _queue.Close();
        _stopped.Cancel();
        return _loops;
    }

    public void Dispose() => _stopped.Dispose();

    private static Task Start(Func<Task> loop, TaskScheduler scheduler) =>
        Task.Factory.StartNew(loop, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();

    /// <summary>An idle journal says once what was durable, so that recovery knows it too.</summary>
    private async Task MarkAsync()
    {
        var marked = _queue.Durable;
        try
        {
            while (_queue.Fault is null)
            {
                await Task.Delay(_options.MarkAfter, _options.Clock, _stopped.Token);
                var end = _queue.Position;
                if (end > marked && _queue.Durable == end)
                {
                    await _queue.Add(new PendingEntry(EntryKind.Mark, null, default));
                    marked = _queue.Durable;
                }
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Closed.
        }
        catch (JournalFaultedException)
        {
            // Whoever appends is told; a mark has nobody to tell.
        }
    }
}
