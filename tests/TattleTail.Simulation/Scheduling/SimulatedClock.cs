namespace TattleTail.Simulation.Scheduling;

/// <summary>Time that passes with the steps, and jumps to the next timer when nothing else is left to do.</summary>
internal sealed class SimulatedClock(SeededScheduler owner) : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 1, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly List<Timer> _timers = [];
    private long _ticks;
    private long _made;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_ticks);

    public override long GetTimestamp() => _ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        owner.RequireThread("timer");
        var timer = new Timer(this, callback, state, _made++);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets microseconds pass.</summary>
    public void Advance(int micros) => _ticks += micros * TimeSpan.TicksPerMicrosecond;

    /// <summary>Lets time pass with the machine off.</summary>
    public void Sleep(TimeSpan time) => _ticks += time.Ticks;

    /// <summary>Jumps to the earliest timer and queues its callback; false when there is none.</summary>
    public bool FireNext(Lane lane)
    {
        Timer? next = null;
        foreach (var timer in _timers)
        {
            if (next is null || timer.Due < next.Due || (timer.Due == next.Due && timer.Number < next.Number))
            {
                next = timer;
            }
        }

        if (next is null)
        {
            return false;
        }

        _ticks = Math.Max(_ticks, next.Due);
        owner.Trace.Note("timer", "", next.Due, next.Number);
        next.Fire(lane);
        return true;
    }

    public void Clear() => _timers.Clear();

    private sealed class Timer(SimulatedClock clock, TimerCallback callback, object? state, long number) : ITimer
    {
        private TimeSpan _period;
        private bool _disposed;

        public long Due { get; private set; }

        public long Number => number;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock._timers.Remove(this);
            _period = period;
            if (_disposed || dueTime == Timeout.InfiniteTimeSpan)
            {
                return !_disposed;
            }

            Due = clock._ticks + dueTime.Ticks;
            clock._timers.Add(this);
            return true;
        }

        public void Fire(Lane lane)
        {
            clock._timers.Remove(this);
            if (_period > TimeSpan.Zero)
            {
                Due += _period.Ticks;
                clock._timers.Add(this);
            }

            _ = Task.Factory.StartNew(() => callback(state), CancellationToken.None, TaskCreationOptions.DenyChildAttach, lane);
        }

        public void Dispose()
        {
            _disposed = true;
            clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
