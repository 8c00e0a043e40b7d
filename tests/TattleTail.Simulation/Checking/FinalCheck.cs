using TattleTail.Log;
using TattleTail.Simulation.Work;

namespace TattleTail.Simulation.Checking;

/// <summary>The check at the end of a run: through the log, then past it, then sealed whole and once more.</summary>
internal static class FinalCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public static async Task RunAsync(World world, LogSession session, ArchiveShelf shelf)
    {
        await WaitUntilHealthyAsync(world, session.Log);
        await WaitForArchiveAsync(world, session.Log);
        await ScanAsync(world, session);
        ArchiveCheck.Run(shelf, world.Ledger, world.Channels, world.Findings, allSealed: false);
        await session.Log.SealAsync();
        ArchiveCheck.Run(shelf, world.Ledger, world.Channels, world.Findings, allSealed: true);
        await ScanAsync(world, session);
    }

    private static async Task ScanAsync(World world, LogSession session)
    {
        foreach (var channel in session.Log.Channels.OrderBy(channel => channel.Name, StringComparer.Ordinal).ThenBy(channel => channel.Incarnation))
        {
            foreach (var partition in channel.Partitions.Where(_ => !channel.IsClosed))
            {
                await TailReader.ScanAsync(world, session, partition);
                world.Findings.Require(
                    partition.SealedThrough >= partition.JournalStart, "I1", $"{channel.Name}/{partition.Index} is sealed through {partition.SealedThrough}, its journal starts at {partition.JournalStart}");
            }
        }
    }

    private static async Task WaitUntilHealthyAsync(World world, EventLog log)
    {
        var deadline = world.Clock.GetUtcNow() + Patience;
        while (log.Health.Status == HealthStatus.Red && world.Clock.GetUtcNow() < deadline)
        {
            await world.Wait(TimeSpan.FromMilliseconds(500));
        }

        world.Findings.Require(log.Health.Status != HealthStatus.Red, "I8", $"health stays red on a sound machine: {log.Health.Reason}");
    }

    private static async Task WaitForArchiveAsync(World world, EventLog log)
    {
        var deadline = world.Clock.GetUtcNow() + Patience;
        while (log.Archive is null && world.Clock.GetUtcNow() < deadline)
        {
            await world.Wait(TimeSpan.FromMilliseconds(500));
        }

        world.Findings.Require(log.Archive is not null, "I7", "the archive does not open on a sound store");
    }
}
