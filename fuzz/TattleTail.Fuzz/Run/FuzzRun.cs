using System.Diagnostics;
using System.Globalization;
using TattleTail.Fuzz.Targets;

namespace TattleTail.Fuzz.Run;

/// <summary>
/// Runs seeds on all cores, each worker on a thread and with targets of its own, and ends a run whose case does not end: what a decoder does with some bytes is bounded by them.
/// </summary>
internal sealed class FuzzRun(FuzzPlan plan)
{
    private const int MostFindings = 20;
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Finding> _findings = [];
    private readonly SortedDictionary<string, long> _tally = new(StringComparer.Ordinal);
    private long _next;
    private long _cases;
    private volatile bool _ending;

    /// <summary>Runs to the end of the seeds or of the time, to too many findings, or to a case that hangs.</summary>
    /// <param name="progress">Gets a line now and then.</param>
    public FuzzReport Run(TextWriter progress)
    {
        Worker[] workers = [.. Enumerable.Range(0, (int)Math.Min(plan.Seeds, Environment.ProcessorCount)).Select(_ => new Worker(this))];
        Array.ForEach(workers, worker => worker.Start());
        Watch(workers, progress);
        lock (_gate)
        {
            return new FuzzReport(_cases, new SortedDictionary<string, long>(_tally, StringComparer.Ordinal), [.. _findings]);
        }
    }

    private void Watch(Worker[] workers, TextWriter progress)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan told = TimeSpan.Zero;
        bool hangs = false;
        while (!hangs && workers.Any(worker => !worker.Join(TimeSpan.FromMilliseconds(100))))
        {
            _ending |= clock.Elapsed > plan.Time;
            foreach (Worker worker in workers)
            {
                if (worker.Overdue() is { } finding)
                {
                    hangs = true;
                    Add(finding);
                }
            }

            if (clock.Elapsed - told > ProgressEvery)
            {
                told = clock.Elapsed;
                Tell(progress, clock);
            }
        }

        Tell(progress, clock);
    }

    private void Tell(TextWriter progress, Stopwatch clock)
    {
        lock (_gate)
        {
            progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds:F0} s, {_cases} cases, {_findings.Count} findings: {string.Join(", ", _tally.Select(entry => $"{entry.Key} {entry.Value}"))}"));
        }
    }

    private IReadOnlyList<TargetKind> Kinds => plan.Targets;

    private int? Take()
    {
        long seed = Interlocked.Increment(ref _next) - 1;
        return _ending || seed >= plan.Seeds || seed + plan.From > int.MaxValue ? null : (int)(seed + plan.From);
    }

    private void Add(Finding finding)
    {
        lock (_gate)
        {
            _findings.Add(finding);
            _ending |= _findings.Count >= MostFindings;
        }
    }

    private void Count(Dictionary<string, long> tally)
    {
        lock (_gate)
        {
            foreach ((string outcome, long cases) in tally)
            {
                _tally[outcome] = _tally.GetValueOrDefault(outcome) + cases;
                _cases += cases;
            }
        }

        tally.Clear();
    }

    private sealed class Worker
    {
        private static readonly TimeSpan CountEvery = TimeSpan.FromSeconds(1);

        private readonly FuzzRun _run;
        private readonly Thread _thread;
        private readonly Dictionary<string, long> _tally = [];
        private volatile CaseInHand? _inHand;

        public Worker(FuzzRun run)
        {
            _run = run;
            _thread = new Thread(Work) { IsBackground = true, Name = "fuzz" };
        }

        public void Start() => _thread.Start();

        public bool Join(TimeSpan time) => _thread.Join(time);

        /// <summary>The case in hand, when it takes longer than any may.</summary>
        public Finding? Overdue() => _inHand is { } inHand && Stopwatch.GetElapsedTime(inHand.Started) > inHand.Kind.Limit
            ? new Finding(inHand.Kind.Name, inHand.Seed, $"does not end within {inHand.Kind.Limit.TotalSeconds} s")
            : null;

        private void Work()
        {
            (TargetKind Kind, FuzzTarget Target)[] targets = [.. _run.Kinds.Select(kind => (kind, kind.Create()))];
            var counted = Stopwatch.StartNew();
            while (_run.Take() is { } seed)
            {
                foreach ((TargetKind kind, FuzzTarget target) in targets)
                {
                    if (targets.Length == 1 || seed % kind.Every == 0)
                    {
                        Case(kind, target, seed);
                    }
                }

                if (counted.Elapsed > CountEvery)
                {
                    counted.Restart();
                    _run.Count(_tally);
                }
            }

            _run.Count(_tally);
            Array.ForEach(targets, target => target.Target.Dispose());
        }

        private void Case(TargetKind kind, FuzzTarget target, int seed)
        {
            _inHand = new CaseInHand(kind, seed, Stopwatch.GetTimestamp());
            string outcome;
            try
            {
                outcome = target.Run(seed);
            }
            catch (OracleException broken)
            {
                outcome = "found";
                _run.Add(new Finding(kind.Name, seed, broken.Message));
            }
            catch (Exception unexpected)
            {
                // Whatever is not documented is what the fuzzer is for.
                outcome = "found";
                _run.Add(new Finding(kind.Name, seed, $"threw {unexpected}"));
            }

            _inHand = null;
            string key = $"{kind.Name} {outcome}";
            _tally[key] = _tally.GetValueOrDefault(key) + 1;
        }

        private sealed record CaseInHand(TargetKind Kind, int Seed, long Started);
    }
}
