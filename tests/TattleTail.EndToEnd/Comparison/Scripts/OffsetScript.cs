using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Offsets by time and by name, by epoch, and the start of a log that moves.</summary>
internal static class OffsetScript
{
    private const string Topic = "offsets";
    private const long Time = 1_700_000_000_000;

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync(Topic, 2);
        await FetchScript.ProduceAsync(broker, Topic, 0, Batches.Of(Time, -1, -1, -1, "a", "b", "c"));
        await FetchScript.ProduceAsync(broker, Topic, 0, Batches.Of(Time + 100, -1, -1, -1, "d", "e"));
        await FetchScript.ProduceAsync(broker, Topic, 0, Batches.Of(Time + 50, -1, -1, -1, "f"));
        foreach (int partition in (int[])[0, 1])
        {
            foreach (long time in (long[])[-1, -2, -3, -4, -5, -6, -7, 0, Time, Time + 1, Time + 2, Time + 3, Time + 101, Time + 102])
            {
                await ListAsync(broker, $"offset of {Named(time)} in partition {partition}", 9, Topic, partition, time);
            }
        }

        foreach (short version in (short[])[1, 2, 4, 6, 7, 8])
        {
            foreach (long time in (long[])[-1, -3, -4, -5])
            {
                await ListAsync(broker, $"offset of {time}, version {version}", version, Topic, 0, time);
            }
        }

        await ListAsync(broker, "offset in an unknown topic", 9, "offsets-unknown", 0, -1);
        await ListAsync(broker, "offset in an unknown partition", 9, Topic, 7, -1);
        await ListAsync(broker, "offset in the first epoch", 9, Topic, 0, -1, epoch: broker.FirstEpoch);
        await ListAsync(broker, "offset in a later epoch", 9, Topic, 0, -1, epoch: broker.FirstEpoch + 3);
        await ListAsync(broker, "offset, committed", 9, Topic, 0, -1, isolation: 1);
        await EpochsAsync(broker);
        await DeleteAsync(broker);
    }

    private static async Task EpochsAsync(Conversation broker)
    {
        int first = broker.FirstEpoch;
        await EpochAsync(broker, "end of the first epoch", Topic, 0, -1, first);
        await EpochAsync(broker, "end of the first epoch, in it", Topic, 0, first, first);
        await EpochAsync(broker, "end of the first epoch, in a later one", Topic, 0, first + 3, first);
        await EpochAsync(broker, "end of a later epoch", Topic, 0, -1, first + 5);
        await EpochAsync(broker, "end of epoch -1", Topic, 0, -1, -1);

        await EpochAsync(broker, "end of an epoch of an unknown topic", "offsets-unknown", 0, -1, 0);
        await EpochAsync(broker, "end of an epoch of an unknown partition", Topic, 7, -1, 0);
    }

    private static async Task DeleteAsync(Conversation broker)
    {
        foreach (long offset in (long[])[0, 2, 1, 7, -2, -1])
        {
            await DeleteAsync(broker, $"delete records to {offset}", Topic, 0, offset);
            await ListAsync(broker, $"first offset after deleting to {offset}", 9, Topic, 0, -2);
            await FetchScript.FetchAsync(broker, $"fetch from 0 after deleting to {offset}", Topic, 0);
        }

        await ListAsync(broker, "offset of a time that is deleted", 9, Topic, 0, Time);
        await ListAsync(broker, "largest time when all is deleted", 9, Topic, 0, -3);
        await DeleteAsync(broker, "delete records of an unknown topic", "offsets-unknown", 0, 0);
        await DeleteAsync(broker, "delete records of an unknown partition", Topic, 7, 0);
        await broker.CreateAsync("offsets-compacted", 1, ("cleanup.policy", "compact"));
        await DeleteAsync(broker, "delete records of a compacted topic", "offsets-compacted", 0, 0);
    }

    private static string Named(long time) => time >= Time ? $"time {time - Time}" : $"{time}";

    private static Task<ListOffsetsResponse> ListAsync(Conversation broker, string step, short version, string topic, int partition, long time, int epoch = -1, sbyte isolation = 0) =>
        broker.AskAsync<ListOffsetsRequest, ListOffsetsResponse>(step, version, new ListOffsetsRequest
        {
            ReplicaId = -1,
            IsolationLevel = isolation,
            Topics = [new ListOffsetsTopic { Name = topic, Partitions = [new ListOffsetsPartition { PartitionIndex = partition, CurrentLeaderEpoch = epoch, Timestamp = time }] }],
        });

    private static Task<OffsetForLeaderEpochResponse> EpochAsync(Conversation broker, string step, string topic, int partition, int current, int asked) =>
        broker.AskAsync<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse>(step, 4, new OffsetForLeaderEpochRequest
        {
            ReplicaId = -1,
            Topics = [new OffsetForLeaderEpochTopic { Topic = topic, Partitions = [new OffsetForLeaderEpochPartition { Partition = partition, CurrentLeaderEpoch = current, LeaderEpoch = asked }] }],
        });

    private static Task<DeleteRecordsResponse> DeleteAsync(Conversation broker, string step, string topic, int partition, long offset) =>
        broker.AskAsync<DeleteRecordsRequest, DeleteRecordsResponse>(step, 2, new DeleteRecordsRequest
        {
            Topics = [new DeleteRecordsTopic { Name = topic, Partitions = [new DeleteRecordsPartition { PartitionIndex = partition, Offset = offset }] }],
            TimeoutMs = 10_000,
        });
}
