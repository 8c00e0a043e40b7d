using System.Buffers.Binary;
using TattleTail.Journal;
using TattleTail.Platform;
using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Scheduling;

namespace TattleTail.Simulation.Run;

/// <summary>What a run of the journal alone does.</summary>
internal sealed record JournalPlan(int Seed, int Lives, int Deeds, int DiskFaults)
{
    public IReadOnlyList<Ending>? Endings { get; init; }

    public long FailCall { get; init; }

    public long CrashCall { get; init; }

    public bool SmallDisk { get; init; }

    public Func<IFileSystem, IFileSystem>? Disk { get; init; }

    /// <summary>A planted defect: after a failed sync the journal is reopened as after a start, with the tail that reads well.</summary>
    public bool RevivesTail { get; init; }

    public TextWriter? Trace { get; init; }

    public static JournalPlan Of(int seed)
    {
        var random = new Random(seed * 17 + 3);
        return new JournalPlan(seed, 2 + random.Next(6), 10 + random.Next(60), random.Next(2) == 0 ? 0 : 1 + random.Next(200)) { SmallDisk = random.Next(5) == 0 };
    }
}

/// <summary>The journal alone over the simulated machine: many more crashes a second than the whole log bears.</summary>
internal sealed class JournalRun
{
    public const string Folder = "/node/journal";
    private const long MostSteps = 500_000;

    private readonly JournalPlan _plan;
    private readonly Trace _trace;
    private readonly SeededScheduler _scheduler;
    private readonly SimulatedFiles _files;
    private readonly Random _random;
    private readonly Findings _findings = new();
    private readonly EntryBook _book;
    private readonly Dictionary<StreamPartition, List<(long Offset, long Number)>> _offsets = [];

    public JournalRun(JournalPlan plan)
    {
        _plan = plan;
        _trace = new Trace(plan.Trace);
        _random = new Random(plan.Seed ^ 0x10C);
        _scheduler = new SeededScheduler(_random.Next(), _trace);
        _files = new SimulatedFiles(_scheduler, _random.Next());
        _book = new EntryBook(_findings);
        _files.Format("/node");
        _files.Faults.FailCall = plan.FailCall;
        _files.Faults.CrashCall = plan.CrashCall;
    }

    public ulong Hash => _trace.Hash;

    public long Calls => _files.Faults.Calls;

    public int Reopenings { get; private set; }

    public IReadOnlyList<Violation> Run()
    {
        try
        {
            for (var life = 0; life < _plan.Lives && _findings.Violations.Count == 0; life++)
            {
                var ending = _plan.Endings is { } endings ? endings[life % endings.Count] : (Ending)_random.Next(3);
                _files.Faults.PerTenThousand = _random.Next(2) == 0 ? 0 : _plan.DiskFaults;
                _files.Capacity = _plan.SmallDisk ? _random.Next(50_000, 400_000) : long.MaxValue;
                RunLife(ending);
            }

            _files.Faults.Heal();
            _files.Capacity = long.MaxValue;
            if (_findings.Violations.Count == 0)
            {
                CheckLife();
            }
        }
        catch (StuckException stuck)
        {
            _findings.Add("I7", stuck.Message);
        }

        return _findings.Violations;
    }

    private void RunLife(Ending ending)
    {
        var steps = ending == Ending.Stop ? MostSteps : _random.Next(3) == 0 ? _random.Next(1, 60) : _random.Next(1, 2_500);
        var work = WorkAsync(_plan.Deeds);
        var done = Step(work, steps);
        _findings.Require(done || ending != Ending.Stop || _files.Stopped, "I7", "the journal did not stop");
        _trace.Note("die", ending.ToString());
        _scheduler.Kill();
        if (ending == Ending.PowerCut || _files.Stopped)
        {
            _files.PowerCut(CrashMood.Draw(_random));
        }
        else
        {
            _files.Kill();
        }
    }

    private void CheckLife()
    {
        if (!Step(WorkAsync(0), MostSteps))
        {
            _findings.Add("I7", "the journal did not open and close on a sound disk");
        }

        _findings.Require(_files.OpenHandles == 0, "I10", $"{_files.OpenHandles} files are open after the journal was closed: {string.Join(", ", _files.OpenNames)}");
    }

    private bool Step(Task until, long steps)
    {
        while (!until.IsCompleted)
        {
            if (_files.Stopped || steps-- <= 0)
            {
                return false;
            }

            if (!_scheduler.Step())
            {
                throw new StuckException("nothing is runnable, no I/O is pending and no timer is set, but the journal waits");
            }
        }

        return !_files.Stopped;
    }

    private Task WorkAsync(int deeds)
    {
        var clients = _scheduler.AddLane("clients", LaneOrder.Random);
        var random = new Random(_random.Next());
        var options = new JournalOptions
        {
            Folder = Folder,
            Files = _plan.Disk?.Invoke(_files) ?? _files,
            Clock = _scheduler.Clock,
            Writer = _scheduler.AddLane("writer", LaneOrder.Fifo),
            Sync = _scheduler.AddLane("sync", LaneOrder.Fifo),
            SegmentBytes = 4 * 1024 << random.Next(3),
            MaxEntryBytes = 1024 * 1024,
            MarkAfter = TimeSpan.FromMilliseconds(50),
        };
        return clients.Start(async () =>
        {
            try
            {
                await LiveAsync(options, deeds, random, clients);
            }
            catch (Exception error) when (error is not MachineStoppedException)
            {
                _findings.Add("contract", error.ToString());
            }
        });
    }

    private async Task LiveAsync(JournalOptions options, int deeds, Random random, Lane clients)
    {
        long? abandonAbove = null;
        for (var tries = 0; ; tries++)
        {
            var before = _files.Faults.Failures;
            WriteAheadJournal journal;
            try
            {
                journal = await WriteAheadJournal.OpenAsync(options, _plan.RevivesTail ? null : abandonAbove);
            }
            catch (IOException error) when (error is FileSystemException)
            {
                _findings.Require(_files.Faults.Failures > before || _files.Capacity != long.MaxValue, "I7", $"does not open on a sound disk: {error}");
                if (tries > 4)
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(200), _scheduler.Clock);
                continue;
            }

            Reopenings += abandonAbove is null ? 0 : 1;
            try
            {
                await CompareAsync(journal, abandonAbove);
            }
            catch (FileSystemException)
            {
                // An injected fault while the journal was replayed: the node would start again.
                await journal.DisposeAsync();
                return;
            }

            var work = new JournalWork(journal, _book, _findings, _offsets, random);
            await Task.WhenAll(clients.Start(() => work.RunAsync(deeds, _scheduler.Clock)), clients.Start(() => work.RunAsync(deeds / 2, _scheduler.Clock)));
            var faulted = journal.Fault is not null;
            abandonAbove = journal.Durable;
            await journal.DisposeAsync();
            if (!faulted || tries > 4)
            {
                return;
            }
        }
    }

    private async Task CompareAsync(WriteAheadJournal journal, long? abandoned)
    {
        var why = abandoned is null ? "start" : "reopen";
        _findings.Require(journal.Recovery.Corruptions.Count == 0, "I7", $"{why}: recovery calls what a crash left corrupt: {string.Join("; ", journal.Recovery.Corruptions)}");
        var numbers = new List<long>();
        _offsets.Clear();
        await foreach (var entry in journal.ReadEntriesAsync(0))
        {
            if (entry.Kind == EntryKind.Mark)
            {
                continue;
            }

            var isBatch = entry.Kind is EntryKind.Batch or EntryKind.Relocated;
            var number = isBatch ? JournalWork.NumberOf(entry.Batch.Batch.Span) : BinaryPrimitives.ReadInt64LittleEndian(entry.Payload.Span);
            numbers.Add(number);
            _findings.Require(entry.Position < (abandoned ?? long.MaxValue), "I6", $"entry {number} at {entry.Position} lies above {abandoned}, where the tail was abandoned");
            if (isBatch)
            {
                JournalWork.List(_offsets, entry.Partition).Add((BinaryPrimitives.ReadInt64BigEndian(entry.Batch.Batch.Span), number));
            }
        }

        _book.Recovered(numbers, why);
    }
}
