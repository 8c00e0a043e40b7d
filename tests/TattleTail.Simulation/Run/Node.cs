using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Disk;
using TattleTail.Simulation.Scheduling;
using TattleTail.Simulation.Stores;
using TattleTail.Simulation.Work;
using TattleTail.Storage;
using TattleTail.Storage.Local;

namespace TattleTail.Simulation.Run;

/// <summary>One life of the node: the real log over the simulated machine, and its clients.</summary>
internal sealed class Node
{
    private readonly Plan _plan;
    private readonly World _world;
    private readonly SimulatedFiles _files;
    private readonly Tally _tally;
    private readonly LogOptions _options;
    private readonly LogPorts _ports;
    private readonly Lane _clients;
    private readonly long _failuresBefore;
    private bool _starting = true;

    public Node(Plan plan, World world, SimulatedFiles files, ArchiveShelf shelf, StoreFaults store, Random random, Tally tally)
    {
        _plan = plan;
        _world = world;
        _files = files;
        _tally = tally;
        _failuresBefore = files.Faults.Failures;
        _options = plan.Options(random);
        Watch = new NodeWatch(world.Findings);
        var scheduler = world.Scheduler;
        _clients = scheduler.AddLane("clients", LaneOrder.Random);
        var disk = plan.Disk?.Invoke(files) ?? files;
        _ports = new LogPorts
        {
            Files = disk,
            OpenStore = async () =>
            {
                IObjectStore opened = await LocalStore.OpenAsync(disk, SimulatedRun.ArchiveFolder);
                opened = new FlakyStore(new WatchedStore(opened, shelf.Reads), scheduler, store);
                return plan.Store?.Invoke(opened) ?? opened;
            },
            Clock = world.Clock,
            Random = new Random(random.Next()),
            Writer = scheduler.AddLane("writer", LaneOrder.Fifo),
            Sync = scheduler.AddLane("sync", LaneOrder.Fifo),
            Sealer = scheduler.AddLane("sealer", LaneOrder.Fifo),
            ArchiveCommits = scheduler.AddLane("commits", LaneOrder.Fifo),
            ArchiveReads = scheduler.AddLane("reads", LaneOrder.Fifo),
            Observer = Watch,
        };
        tally.Starts++;
    }

    public NodeWatch Watch { get; }

    /// <summary>A sync failed on the disk.</summary>
    public void SyncFailed(string path, long step)
    {
        if (!_starting && path.StartsWith(SimulatedRun.JournalFolder, StringComparison.Ordinal))
        {
            Watch.SyncFailed(path, step);
        }
    }

    /// <summary>Starts, lets the clients work, and stops.</summary>
    public Task WorkAsync(Plan plan) => _clients.Start(async () =>
    {
        if (await OpenAsync() is not { } log)
        {
            return;
        }

        var session = _plan.Session?.Invoke(log) ?? new LogSession(log);
        var clients = new List<Task>();
        for (var client = 0; client < plan.Clients; client++)
        {
            var work = new ClientWork(_world, session, Watch, client);
            clients.Add(_clients.Start(() => work.RunAsync(plan.Deeds)));
        }

        await Task.WhenAll(clients);
        await log.DisposeAsync();
    });

    /// <summary>Starts on a sound machine, checks what is there, seals all, and checks again.</summary>
    public Task CheckAsync(ArchiveShelf shelf) => _clients.Start(async () =>
    {
        if (await OpenAsync() is not { } log)
        {
            return;
        }

        var session = _plan.Session?.Invoke(log) ?? new LogSession(log);
        await FinalCheck.RunAsync(_world, session, shelf);
        await log.DisposeAsync();
    });

    /// <summary>The life is over in an orderly way.</summary>
    public void End() => Watch.Close();

    /// <summary>Adds what happened in this life to the tally.</summary>
    public void Count()
    {
        _tally.Faults += Watch.Faults;
        _tally.Reopenings += Watch.Reopenings;
        _tally.Seals += Watch.Seals;
        _tally.SealFailures += Watch.SealFailures;
        _tally.TrimmedSegments += Watch.TrimmedSegments;
    }

    private async Task<EventLog?> OpenAsync()
    {
        try
        {
            var log = await EventLog.OpenAsync(_options, _ports);
            _starting = false;
            Watch.Log = log;
            _world.Channels.Compare(log.Channels);
            _world.Findings.Require(log.Recovery.Corruptions.Count == 0, "I7", $"recovery calls what a crash left corrupt: {string.Join("; ", log.Recovery.Corruptions)}");
            return log;
        }
        catch (IOException error) when (error is FileSystemException or LogUnavailableException or Journal.JournalFaultedException)
        {
            _tally.FailedStarts++;
            _world.Findings.Require(_files.Faults.Failures > _failuresBefore || _files.Capacity != long.MaxValue, "I7", $"the node does not start on a sound disk: {error}");
            return null;
        }
        catch (IOException error)
        {
            _world.Findings.Add("I7", $"the node does not start: {error}");
            return null;
        }
    }
}
