using System.Globalization;
using TattleTail.Simulation.Disk;

namespace TattleTail.Simulation.Work;

/// <summary>One client of one life: it does this and that.</summary>
internal sealed class ClientWork(World world, LogSession session, NodeWatch watch, int number)
{
    public async Task RunAsync(int deeds)
    {
        var sender = string.Create(CultureInfo.InvariantCulture, $"s{world.Ledger.NextNumber()}");
        try
        {
            for (; deeds > 0; deeds--)
            {
                await DoAsync(sender);
            }
        }
        catch (Exception error) when (error is not MachineStoppedException)
        {
            world.Findings.Add("contract", $"a client was answered with what nobody promised: {error}");
        }
    }

    private Task DoAsync(string sender) => (world.Channels.All.Count == 0 ? 99 : world.Random.Next(100)) switch
    {
        < 34 => Producer().RunAsync(session, watch),
        < 48 => PlainClients.ProduceAsync(world, session, watch, sender),
        < 62 => PlainClients.AppendEventsAsync(world, session, watch, sender),
        < 70 => Reader().FollowAsync(session),
        < 78 => TailReader.ReadAnywhereAsync(world, session),
        < 83 => TimeLookup.RunAsync(world, session),
        < 88 => Operator.SealAsync(world, session),
        < 94 => world.Wait(TimeSpan.FromMilliseconds(1 << world.Random.Next(13))),
        < 96 => Operator.CloseAsync(world, session),
        _ => Operator.CreateAsync(world, session),
    };

    // A producer is one client's at a time: the number tells whose.
    private IdempotentProducer Producer()
    {
        while (world.Producers.Count <= number)
        {
            world.Producers.Add(new IdempotentProducer(world, string.Create(CultureInfo.InvariantCulture, $"p{world.Producers.Count}")));
        }

        return world.Producers[number];
    }

    private TailReader Reader()
    {
        while (world.Readers.Count <= number)
        {
            world.Readers.Add(new TailReader(world));
        }

        return world.Readers[number];
    }
}
