namespace TattleTail.Journal.Tests.Crashes;

/// <summary>Runs tasks one after another on whichever thread queues them, so that the journal's loops need no threads of their own.</summary>
internal sealed class Trampoline : TaskScheduler
{
    private readonly Lock _lock = new();
    private readonly Queue<Task> _queue = new();
    private bool _running;

    public override int MaximumConcurrencyLevel => 1;

    protected override void QueueTask(Task task)
    {
        lock (_lock)
        {
            _queue.Enqueue(task);
            if (_running)
            {
                return;
            }

            _running = true;
        }

        while (Next() is { } next)
        {
            TryExecuteTask(next);
        }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    private Task? Next()
    {
        lock (_lock)
        {
            _running = _queue.TryDequeue(out var next);
            return next;
        }
    }
}
