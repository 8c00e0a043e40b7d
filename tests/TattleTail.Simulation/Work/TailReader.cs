using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>
/// Reads. One that follows a partition remembers where it was, also over crashes, and must find its place again; others start anywhere, or look a time up.
/// </summary>
internal sealed class TailReader(World world)
{
    private Guid _topic;
    private int _partition;
    private long _next = -1;

    /// <summary>Reads on where it was, a few times, waiting at the end.</summary>
    public async Task FollowAsync(LogSession session)
    {
        if (_next < 0 || session.Log.Find(_topic) is not { IsClosed: false } channel)
        {
            if (world.AnyPartition(session.Log) is not { } chosen)
            {
                return;
            }

            channel = chosen.Channel;
            (_topic, _partition, _next) = (channel.TopicId, chosen.Index, chosen.StartOffset);
        }

        var partition = channel.Partitions[_partition];
        for (var rounds = 1 + world.Random.Next(4); rounds > 0; rounds--)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(1 + world.Random.Next(200)), world.Clock);
            await partition.WaitAsync(_next, patience.Token);
            _next = await ReadOnceAsync(world, session, partition, _next, "follow");
        }
    }

    /// <summary>Reads from somewhere.</summary>
    public static async Task ReadAnywhereAsync(World world, LogSession session)
    {
        if (world.AnyPartition(session.Log) is not { } partition)
        {
            return;
        }

        var from = world.Random.NextInt64(partition.StartOffset, partition.HighWatermark + 1);
        for (var rounds = 1 + world.Random.Next(3); rounds > 0; rounds--)
        {
            from = await ReadOnceAsync(world, session, partition, from, "read");
        }
    }

    /// <summary>Reads a partition from its start to its end and holds it against the ledger.</summary>
    public static async Task ScanAsync(World world, LogSession session, LogPartition partition)
    {
        var scan = new PartitionScan(world.Ledger, world.Findings, partition.Channel.TopicId, partition.Index, "scan");
        world.Findings.Require(partition.StartOffset == 0, "I1", $"{partition.Channel.Name}/{partition.Index} starts at {partition.StartOffset}");
        var end = partition.HighWatermark;
        for (var next = 0L; next < end;)
        {
            var answer = await session.ReadAsync(partition, next, 1 + world.Random.Next(100_000));
            var from = next;
            foreach (var record in answer.Records.Where(record => record.Offset >= from))
            {
                scan.Add(record);
            }

            if (answer.Next <= next)
            {
                world.Findings.Add("I1", $"a read of {partition.Channel.Name}/{partition.Index} at {next} gives nothing, below the high watermark {end}");
                break;
            }

            next = answer.Next;
        }

        scan.Finish();
    }

    private static async Task<long> ReadOnceAsync(World world, LogSession session, LogPartition partition, long from, string by)
    {
        var topic = partition.Channel.TopicId;
        var where = $"{partition.Channel.Name}/{partition.Index}";
        var known = world.Channels.Find(topic);
        var highWatermark = known?.HighWatermark(partition.Index) ?? 0;
        try
        {
            var answer = await session.ReadAsync(partition, from, 1 + world.Random.Next(60_000));
            var expected = from;
            foreach (var record in answer.Records)
            {
                world.Findings.Require(record.Offset < answer.HighWatermark, "I1", $"{by}: {where}@{record.Offset} is served above the high watermark {answer.HighWatermark}");
                world.Ledger.Observe(record, topic, partition.Index, by);
                if (record.Offset >= from)
                {
                    world.Findings.Require(record.Offset == expected, "I3", $"{by}: {where} jumps from {expected} to {record.Offset}");
                    expected = record.Offset + 1;
                }
            }

            world.Findings.Require(from >= answer.HighWatermark || expected > from, "I1", $"{by}: {where}@{from} gives nothing, below the high watermark {answer.HighWatermark}");
            world.Findings.Require(answer.Next == expected, "I3", $"{by}: {where} ends at {expected} and says to go on at {answer.Next}");
            known?.ReachHighWatermark(partition.Index, highWatermark, answer.HighWatermark, world.Findings);
            return answer.Next;
        }
        catch (OffsetOutOfRangeException error)
        {
            world.Findings.Require(partition.Channel.IsClosed, "I1", $"{by}: {where}@{from} was there and is not any more: {error.Message}");
            return from;
        }
        catch (IOException)
        {
            // A fault of the disk or the store: reads may fail, and are tried again later.
            return from;
        }
    }
}
