using TattleTail.Log;
using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Scheduling;

namespace TattleTail.Simulation.Work;

/// <summary>What outlives the crashes of the simulated node: what its clients remember, and the seed that they act by.</summary>
internal sealed class World(int seed, SeededScheduler scheduler)
{
    public Random Random { get; } = new(seed);

    public SeededScheduler Scheduler => scheduler;

    public SimulatedClock Clock => scheduler.Clock;

    public Findings Findings { get; } = new();

    public Ledger Ledger => field ??= new Ledger(Findings);

    public ChannelBook Channels => field ??= new ChannelBook(Findings);

    /// <summary>Producer ids that were ever handed out.</summary>
    public HashSet<long> ProducerIds { get; } = [];

    public List<IdempotentProducer> Producers { get; } = [];

    public List<TailReader> Readers { get; } = [];

    /// <summary>Now, in ms since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Waits in simulated time.</summary>
    public Task Wait(TimeSpan time) => Task.Delay(time, Clock);

    /// <summary>An open partition of the log at random, or null.</summary>
    public LogPartition? AnyPartition(EventLog log)
    {
        var open = Channels.Open.Select(channel => log.Find(channel.Topic)).OfType<Channel>().Where(channel => !channel.IsClosed).ToList();
        if (open.Count == 0)
        {
            return null;
        }

        var partitions = open[Random.Next(open.Count)].Partitions;
        return partitions[Random.Next(partitions.Count)];
    }
}
