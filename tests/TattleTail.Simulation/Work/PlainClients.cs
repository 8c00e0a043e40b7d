using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>Producers without a memory: each event is sent once, whatever the answer.</summary>
internal static class PlainClients
{
    /// <summary>One batch without a producer.</summary>
    public static Task ProduceAsync(World world, LogSession session, NodeWatch watch, string sender) =>
        SendAsync(world, session, watch, sender, static (session, partition, events) =>
            session.AppendAsync(partition, WireBatch.Write([.. events.Select(sent => sent.Content)])));

    /// <summary>Some events that the log frames.</summary>
    public static Task AppendEventsAsync(World world, LogSession session, NodeWatch watch, string sender) =>
        SendAsync(world, session, watch, sender, static (session, partition, events) =>
            session.AppendAsync(partition, [.. events.Select(Content.ToEvent)]));

    private static async Task SendAsync(
        World world, LogSession session, NodeWatch watch, string sender, Func<LogSession, LogPartition, List<SentEvent>, Task<AppendResult>> send)
    {
        if (world.AnyPartition(session.Log) is not { } partition)
        {
            return;
        }

        var events = Content.Draw(world, sender, partition.Channel.TopicId, partition.Index, oddTimes: true);
        var since = watch.Mark();
        try
        {
            var result = await send(session, partition, events);
            watch.Acknowledged(result.Status, since, events[0].Id);
            var offset = result.BaseOffset;
            foreach (var sent in events)
            {
                if (result.Status == AppendStatus.Appended)
                {
                    world.Ledger.Acknowledge(sent, offset++);
                }
                else
                {
                    sent.Refused = true;
                }
            }

            world.Findings.Require(
                result.Status is AppendStatus.Appended or AppendStatus.Closed or AppendStatus.InvalidTimestamp, "I6", $"{events[0].Id} was answered {result.Status}");
        }
        catch (LogUnavailableException)
        {
            await world.Wait(TimeSpan.FromMilliseconds(20 + world.Random.Next(500)));
        }
    }
}
