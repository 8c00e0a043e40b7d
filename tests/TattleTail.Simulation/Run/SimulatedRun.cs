using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Scheduling;
using TattleTail.Simulation.Stores;
using TattleTail.Simulation.Work;

namespace TattleTail.Simulation.Run;

/// <summary>One run: lives of a node that end in crashes, then a last one that checks everything.</summary>
internal sealed class SimulatedRun
{
    public const string JournalFolder = "/node/journal";
    public const string ArchiveFolder = "/node/archive";
    private const long MostSteps = 3_000_000;

    private readonly Plan _plan;
    private readonly Trace _trace;
    private readonly SeededScheduler _scheduler;
    private readonly SimulatedFiles _files;
    private readonly World _world;
    private readonly ArchiveShelf _shelf;
    private readonly StoreFaults _store;
    private readonly Random _random;
    private int _lives;

    public SimulatedRun(Plan plan)
    {
        _plan = plan;
        _trace = new Trace(plan.Trace);
        _random = new Random(plan.Seed ^ 0x5EED);
        _scheduler = new SeededScheduler(_random.Next(), _trace);
        _files = new SimulatedFiles(_scheduler, _random.Next());
        _world = new World(_random.Next(), _scheduler);
        _shelf = new ArchiveShelf(_files, ArchiveFolder);
        _store = new StoreFaults(new Random(_random.Next()));
        var watch = new TrimWatch(_files, JournalFolder, _shelf, _world.Ledger, _world.Findings);
        _files.Leaving = watch.Leaving;
        _files.Format("/node");
        _files.Faults.FailCall = plan.FailCall;
        _files.Faults.CrashCall = plan.CrashCall;
    }

    /// <summary>Runs it all. The result says what was found; nothing is thrown for a violation.</summary>
    public Result Run()
    {
        try
        {
            RunLives();
        }
        catch (StuckException stuck)
        {
            _world.Findings.Add("I7", $"life {_lives}: {stuck.Message}");
        }

        return new Result(_plan.Seed, _trace.Hash, _trace.Count, _files.Faults.Calls, _files.Faults.Failures, _world.Ledger, Tally, _world.Findings.Violations);
    }

    /// <summary>What happened, added up over the lives.</summary>
    public Tally Tally { get; } = new();

    private void RunLives()
    {
        for (var life = 0; life < _plan.Lives; life++)
        {
            var ending = _plan.Endings is { } endings ? endings[life % endings.Count] : (Ending)_random.Next(4);
            _files.Faults.PerTenThousand = _random.Next(3) == 0 ? 0 : _plan.DiskFaults;
            _store.PerThousand = _plan.StoreFaults;
            _store.GarbledPerThousand = _plan.GarbledFiles;
            _store.IsDown = _plan.StoreFaults > 0 && _random.Next(6) == 0;
            _files.Capacity = _plan.SmallDisk ? _random.Next(300_000, 1_500_000) : long.MaxValue;
            RunLife(ending);
            if (_world.Findings.Violations.Count > 0)
            {
                return;
            }
        }

        _files.Faults.Heal();
        _store.Heal();
        _files.Capacity = long.MaxValue;
        CheckLife();
    }

    private void RunLife(Ending ending)
    {
        // Most lives are cut somewhere in the middle, some during recovery.
        var steps = ending == Ending.Stop ? MostSteps : _random.Next(4) == 0 ? _random.Next(1, 120) : _random.Next(1, 6_000);
        var node = Start();
        var work = node.WorkAsync(_plan);
        var done = Step(node, work, steps);
        if (work.IsFaulted && !_files.Stopped)
        {
            _world.Findings.Add("contract", $"life {_lives} ended with {work.Exception}");
        }

        if (done && ending == Ending.Stop && !_files.Stopped)
        {
            node.End();
        }
        else if (!done && ending == Ending.Stop && !_files.Stopped)
        {
            _world.Findings.Add("I7", $"life {_lives}: the node did not stop within {steps} steps");
        }

        node.Count();
        Die(ending is Ending.PowerCut or Ending.KillThenPowerCut || _files.Stopped, ending);
    }

    private void Die(bool power, Ending ending)
    {
        _trace.Note("die", ending.ToString());
        _scheduler.Kill();
        if (ending == Ending.KillThenPowerCut && !_files.Stopped)
        {
            _files.Kill();
            var node = Start();
            Step(node, node.WorkAsync(_plan with { Deeds = 2 }), _random.Next(1, 3_000));
            _scheduler.Kill();
        }

        if (power)
        {
            _files.PowerCut(CrashMood.Draw(_random));
        }
        else
        {
            _files.Kill();
        }

        _plan.WhileOff?.Invoke(_files);
        _scheduler.Clock.Sleep(TimeSpan.FromMilliseconds(_random.Next(2_000)));
    }

    private void CheckLife()
    {
        var node = Start();
        var check = node.CheckAsync(_shelf);
        if (!Step(node, check, MostSteps))
        {
            _world.Findings.Add("I7", "the node did not recover, seal and stop with a sound disk and store");
            return;
        }

        node.End();
        node.Count();
        _world.Findings.Require(!check.IsFaulted, "contract", $"the check ended with {check.Exception}");
        _world.Findings.Require(check.IsFaulted || _files.OpenHandles == 0, "I10", $"{_files.OpenHandles} files are open after the log was closed: {string.Join(", ", _files.OpenNames)}");
        _scheduler.Kill();
        _files.Kill();
    }

    private Node Start()
    {
        _lives++;
        _trace.Note("start", "", _lives);
        return new Node(_plan, _world, _files, _shelf, _store, new Random(_random.Next()), Tally);
    }

    private bool Step(Node node, Task until, long steps)
    {
        var before = _scheduler.Steps;
        _files.SyncFailed = path => node.SyncFailed(path, _scheduler.Steps);
        while (!until.IsCompleted)
        {
            if (_files.Stopped || _scheduler.Steps - before >= steps)
            {
                return false;
            }

            if (!_scheduler.Step())
            {
                throw new StuckException("nothing is runnable, no I/O is pending and no timer is set, but the node waits");
            }

            node.Watch.Look(_scheduler.Steps);
        }

        return !_files.Stopped;
    }
}
