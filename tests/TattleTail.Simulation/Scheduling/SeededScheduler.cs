namespace TattleTail.Simulation.Scheduling;

/// <summary>
/// Runs a simulated process on one real thread: at each step the seed picks one of the lanes' tasks, one of the pending completions of I/O, or, when nothing else can go on (and
/// now and then before), the earliest timer. The same seed picks the same steps.
/// </summary>
internal sealed class SeededScheduler
{
    private readonly Random _random;
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Lane> _lanes = [];
    private readonly List<(string Label, Action Complete)> _completions = [];
    private string? _foreign;
    private Lane? _timers;

    public SeededScheduler(int seed, Trace trace)
    {
        _random = new Random(seed);
        Trace = trace;
        Clock = new SimulatedClock(this);
    }

    public Trace Trace { get; }

    public SimulatedClock Clock { get; }

    /// <summary>The lane whose task runs now.</summary>
    public Lane? Running { get; private set; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; private set; }

    /// <summary>One in how many steps lets time jump to the next timer although there is work.</summary>
    public int TimerJump { get; init; } = 400;

    /// <summary>Adds a thread or pool to the process.</summary>
    public Lane AddLane(string name, LaneOrder order)
    {
        var lane = new Lane(this, name, order);
        _lanes.Add(lane);
        return lane;
    }

    /// <summary>Something that the machine completes in its own time, such as a sync.</summary>
    public void CompleteLater(string label, Action complete)
    {
        RequireThread(label);
        _completions.Add((label, complete));
    }

    /// <summary>Kills the process: its tasks, timers and pending I/O are gone.</summary>
    public void Kill()
    {
        foreach (var lane in _lanes)
        {
            lane.Kill();
        }

        _lanes.Clear();
        _completions.Clear();
        Clock.Clear();
        _timers = null;
    }

    /// <summary>Steps until the task is done, or the steps are spent (false). A process that can do nothing at all any more is stuck.</summary>
    public bool Run(Task until, long steps)
    {
        for (var left = steps; !until.IsCompleted; left--)
        {
            if (left <= 0)
            {
                return false;
            }

            if (!Step())
            {
                throw new StuckException("nothing is runnable, no I/O is pending and no timer is set, but the process waits");
            }
        }

        return true;
    }

    /// <summary>One step; false when there is nothing to do.</summary>
    public bool Step()
    {
        Clock.Advance(_random.Next(60));
        var choices = _completions.Count;
        foreach (var lane in _lanes)
        {
            choices += lane.Choices;
        }

        if (choices == 0 || _random.Next(TimerJump) == 0)
        {
            if (Clock.FireNext(_timers ??= AddLane("timers", LaneOrder.Random)))
            {
                Steps++;
                return Checked();
            }

            if (choices == 0)
            {
                return false;
            }
        }

        Steps++;
        Pick(_random.Next(choices));
        return Checked();
    }

    /// <summary>Whatever runs beside the simulation's thread cannot be replayed.</summary>
    public void RequireThread(string where)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _foreign ??= $"{where} was reached from another thread: {Environment.StackTrace}";
        }
    }

    private bool Checked() => _foreign is null ? true : throw new StuckException(_foreign);

    private void Pick(int choice)
    {
        if (choice < _completions.Count)
        {
            var (label, complete) = _completions[choice];
            _completions.RemoveAt(choice);
            Trace.Note("complete", label);
            complete();
            return;
        }

        choice -= _completions.Count;
        foreach (var lane in _lanes)
        {
            if (choice < lane.Choices)
            {
                Trace.Note("run", lane.Name, choice);
                Running = lane;
                lane.Run(choice);
                Running = null;
                return;
            }

            choice -= lane.Choices;
        }
    }
}

/// <summary>The simulated process cannot go on, or left the simulation.</summary>
internal sealed class StuckException(string message) : Exception(message);
