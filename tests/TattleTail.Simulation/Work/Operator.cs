using System.Globalization;
using TattleTail.Archive;
using TattleTail.Log;
using TattleTail.Storage;

namespace TattleTail.Simulation.Work;

/// <summary>What is done to channels and to the archive, beside producing and reading.</summary>
internal static class Operator
{
    private const int Names = 4;

    public static async Task CreateAsync(World world, LogSession session)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"channel.{world.Random.Next(Names)}");

        // While its close is not durable yet, a channel is still found, and may be created again.
        var found = session.Log.Find(name);
        var exists = found is not null && world.Channels.Open.Any(known => known.Topic == found.TopicId);
        world.Channels.TryCreate(name);
        try
        {
            var channel = await session.Log.CreateChannelAsync(name, 1 + world.Random.Next(3));
            world.Findings.Require(!exists, "I2", $"{name} was open and was created again");
            world.Channels.Meet(channel);
        }
        catch (ChannelException error)
        {
            world.Findings.Require(error.Fault == ChannelFault.Exists, "I6", $"creating {name}: {error.Message}");
        }
        catch (LogUnavailableException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    public static async Task CloseAsync(World world, LogSession session)
    {
        var open = world.Channels.Open.ToList();
        if (open.Count < 2)
        {
            return;
        }

        var known = open[world.Random.Next(open.Count)];
        if (session.Log.Find(known.Topic) is not { } channel)
        {
            return;
        }

        known.CloseTried = true;
        try
        {
            await session.Log.CloseChannelAsync(channel);
            known.Closed = true;
        }
        catch (ChannelException error)
        {
            world.Findings.Require(error.Fault == ChannelFault.NotFound, "I6", $"closing {known.Name}: {error.Message}");
        }
        catch (LogUnavailableException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(50));
        }
    }

    public static async Task SealAsync(World world, LogSession session)
    {
        try
        {
            await session.Log.SealAsync(world.Random.Next(2) == 0 ? null : world.Channels.Open.FirstOrDefault()?.Name);
        }
        catch (Exception error) when (error is StoreException or LogUnavailableException or ArchiveFormatException or Platform.FileSystemException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(100));
        }
    }
}
