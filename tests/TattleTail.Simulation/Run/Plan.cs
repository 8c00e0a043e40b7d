using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Work;
using TattleTail.Storage;

namespace TattleTail.Simulation.Run;

/// <summary>What a run does; all of it follows from the seed unless a test says otherwise.</summary>
internal sealed record Plan
{
    public required int Seed { get; init; }

    /// <summary>Lives of the node, each ended by a crash or a stop, before the last one that checks everything.</summary>
    public int Lives { get; init; }

    /// <summary>Clients that act at the same time, and what each does in a life.</summary>
    public int Clients { get; init; }

    /// <summary>Things that each client does in a life.</summary>
    public int Deeds { get; init; }

    /// <summary>Of ten thousand calls of the disk, how many fail.</summary>
    public int DiskFaults { get; init; }

    /// <summary>Of a thousand calls of the store, how many fail.</summary>
    public int StoreFaults { get; init; }

    /// <summary>Of a thousand data files put, how many are garbled on the way.</summary>
    public int GarbledFiles { get; init; }

    /// <summary>Whether the disk is small enough to fill up at times.</summary>
    public bool SmallDisk { get; init; }

    /// <summary>How each life but the last ends; drawn when null.</summary>
    public IReadOnlyList<Ending>? Endings { get; init; }

    /// <summary>The one call of the disk that fails, counted from the first; 0: none.</summary>
    public long FailCall { get; init; }

    /// <summary>The one call of the disk in which the machine stops; 0: none.</summary>
    public long CrashCall { get; init; }

    /// <summary>Sizes and times of the log.</summary>
    public required Func<Random, LogOptions> Options { get; init; }

    /// <summary>Where a planted defect of the disk comes in.</summary>
    public Func<IFileSystem, IFileSystem>? Disk { get; init; }

    /// <summary>Where a planted defect of the store comes in.</summary>
    public Func<IObjectStore, IObjectStore>? Store { get; init; }

    /// <summary>Where a planted defect of the log's surface comes in.</summary>
    public Func<EventLog, LogSession>? Session { get; init; }

    /// <summary>What is done to the disk while the node is off.</summary>
    public Action<SimulatedFiles>? WhileOff { get; init; }

    /// <summary>Follows the run in words.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>The plan of a seed.</summary>
    public static Plan Of(int seed)
    {
        var random = new Random(seed * 31 + 7);
        var quiet = random.Next(3) == 0;
        return new Plan
        {
            Seed = seed,
            Lives = 1 + random.Next(5),
            Clients = 1 + random.Next(4),
            Deeds = 4 + random.Next(16),
            DiskFaults = quiet || random.Next(2) == 0 ? 0 : 20 + random.Next(300),
            StoreFaults = quiet || random.Next(2) == 0 ? 0 : 1 + random.Next(150),
            GarbledFiles = random.Next(6) == 0 ? 200 : 0,
            SmallDisk = !quiet && random.Next(6) == 0,
            Options = Sizes,
        };
    }

    /// <summary>Small segments and short times, so that a short run rolls, seals and trims.</summary>
    public static LogOptions Sizes(Random random) => new()
    {
        JournalFolder = SimulatedRun.JournalFolder,
        SegmentBytes = 16 * 1024 << random.Next(4),
        SealBytes = 4 * 1024 << random.Next(6),
        SealAge = TimeSpan.FromMilliseconds(200 << random.Next(6)),
        CommitInterval = TimeSpan.FromMilliseconds(10 << random.Next(6)),
        TrimDelay = TimeSpan.FromMilliseconds(random.Next(3) == 0 ? 0 : 50 << random.Next(6)),
        SnapshotBytes = 8 * 1024 << random.Next(5),
        JournalQuotaBytes = 64L * 1024 * 1024,
    };
}

/// <summary>How a life ends.</summary>
internal enum Ending
{
    /// <summary>The node is stopped properly.</summary>
    Stop,

    /// <summary>The process is killed; what the kernel has in its cache stays.</summary>
    Kill,

    /// <summary>The power goes.</summary>
    PowerCut,

    /// <summary>Killed, started again, and the power goes soon after.</summary>
    KillThenPowerCut,
}
