namespace TattleTail.Simulation.Scheduling;

/// <summary>In which order a lane's tasks run.</summary>
internal enum LaneOrder
{
    /// <summary>As they were queued, as on one dedicated thread.</summary>
    Fifo,

    /// <summary>At random, as on a thread pool.</summary>
    Random,
}

/// <summary>
/// One thread, or one pool, of the simulated process: a <see cref="TaskScheduler"/> whose tasks run when the seeded scheduler picks them. All lanes run on the one real thread of
/// the simulation.
/// </summary>
internal sealed class Lane(SeededScheduler owner, string name, LaneOrder order) : TaskScheduler
{
    private readonly List<Task> _queue = [];
    private bool _dead;

    public string Name => name;

    public override int MaximumConcurrencyLevel => 1;

    /// <summary>How many picks it offers: one for a thread that has work, one for each task of a pool.</summary>
    public int Choices => _dead ? 0 : order == LaneOrder.Fifo ? Math.Min(1, _queue.Count) : _queue.Count;

    /// <summary>Runs the task of a pick.</summary>
    public void Run(int choice)
    {
        var task = _queue[choice];
        _queue.RemoveAt(choice);
        TryExecuteTask(task);
    }

    /// <summary>The process died: nothing of it runs again.</summary>
    public void Kill()
    {
        _dead = true;
        _queue.Clear();
    }

    /// <summary>Starts an asynchronous function in this lane.</summary>
    public Task Start(Func<Task> body) =>
        Task.Factory.StartNew(body, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    protected override void QueueTask(Task task)
    {
        owner.RequireThread(name);
        if (!_dead)
        {
            _queue.Add(task);
        }
    }

    // A continuation runs inline only where it would in production: on the lane's own thread. Pools queue, so that others get in between.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !_dead && order == LaneOrder.Fifo && owner.Running == this && !taskWasPreviouslyQueued && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();
}
