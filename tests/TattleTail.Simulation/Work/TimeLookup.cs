using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>Looks a time up and holds the answer against what was known to be durable before the question.</summary>
internal static class TimeLookup
{
    public static async Task RunAsync(World world, LogSession session)
    {
        if (world.AnyPartition(session.Log) is not { } partition)
        {
            return;
        }

        var topic = partition.Channel.TopicId;
        var time = world.Now - world.Random.Next(40_000);
        var known = world.Ledger.Sent
            .Where(sent => sent.Topic == topic && sent.Partition == partition.Index && (sent.Acknowledged ?? sent.Seen) is not null && sent.Content.Timestamp >= time)
            .Select(sent => (sent.Acknowledged ?? sent.Seen)!.Value)
            .DefaultIfEmpty(long.MaxValue)
            .Min();
        OffsetAndTime? found;
        try
        {
            found = await session.Log.FindByTimeAsync(partition, time, LogClock.Event);
        }
        catch (IOException)
        {
            return;
        }

        var where = $"{partition.Channel.Name}/{partition.Index}";
        world.Findings.Require((found?.Offset ?? long.MaxValue) <= known, "I3", $"{where}: the first event at or after {time} is {known}, found was {found?.Offset}");
        if (found is { } answer)
        {
            world.Findings.Require(answer.Time >= time, "I3", $"{where}: looked for {time}, found {answer.Time} at {answer.Offset}");
            var there = world.Ledger.At(new Place(topic, partition.Index, answer.Offset));
            world.Findings.Require(
                there is null || there.Content.Timestamp == answer.Time, "I4", $"{where}@{answer.Offset} has time {there?.Content.Timestamp}, the look-up says {answer.Time}");
        }
    }
}
