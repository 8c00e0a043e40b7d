namespace TattleTail.Archive.Tests;

/// <summary>A scheduler whose tasks run on the caller's thread when it says so.</summary>
internal sealed class StepScheduler : TaskScheduler
{
    private readonly Queue<Task> _tasks = new();

    /// <summary>Tasks that have not run.</summary>
    public int Waiting => _tasks.Count;

    /// <summary>Runs what is queued and what that queues.</summary>
    public void RunAll()
    {
        while (RunOne())
        {
        }
    }

    /// <summary>Runs the next task; false when there is none.</summary>
    public bool RunOne() => _tasks.TryDequeue(out var task) && (TryExecuteTask(task) || true);

    protected override void QueueTask(Task task) => _tasks.Enqueue(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks() => _tasks;
}
