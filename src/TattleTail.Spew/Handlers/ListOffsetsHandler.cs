using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Finds offsets by time or by the names that negative times stand for. There are no transactions, so the isolation level makes no difference.</summary>
internal static class ListOffsetsHandler
{
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        ListOffsetsRequest request = exchange.Read<ListOffsetsRequest>();
        var seen = new HashSet<(string, int)>();
        var topics = new ListOffsetsTopicResponse[request.Topics.Length];
        for (int t = 0; t < topics.Length; t++)
        {
            ListOffsetsTopic topic = request.Topics[t];
            Channel? channel = ChannelLookup.FindVisible(exchange, topic.Name, out ErrorCode refused);
            var partitions = new ListOffsetsPartitionResponse[topic.Partitions.Length];
            for (int p = 0; p < partitions.Length; p++)
            {
                partitions[p] = refused != ErrorCode.None ? Failed(exchange, topic.Partitions[p], refused)
                    : seen.Add((topic.Name, topic.Partitions[p].PartitionIndex))
                    ? await AnswerAsync(exchange, channel, topic.Partitions[p])
                    : Failed(exchange, topic.Partitions[p], ErrorCode.InvalidRequest);
            }

            topics[t] = new ListOffsetsTopicResponse { Name = topic.Name, Partitions = partitions };
        }

        exchange.Write(new ListOffsetsResponse { Topics = topics });
    }

    private static async ValueTask<ListOffsetsPartitionResponse> AnswerAsync(Exchange exchange, Channel? channel, ListOffsetsPartition asked)
    {
        if (ChannelLookup.Partition(channel, asked.PartitionIndex) is not { } partition)
        {
            return Failed(exchange, asked, ErrorCode.UnknownTopicOrPartition);
        }

        if (asked.Timestamp < 0 && !Knows(exchange.Version, asked.Timestamp))
        {
            return Failed(exchange, asked, ErrorCode.UnsupportedVersion);
        }

        ErrorCode epoch = ChannelLookup.CheckEpoch(partition, asked.CurrentLeaderEpoch);
        if (epoch != ErrorCode.None)
        {
            return Failed(exchange, asked, epoch);
        }

        try
        {
            OffsetAndTime found = await FindAsync(exchange, partition, asked.Timestamp);
            return new ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex, Offset = found.Offset, Timestamp = found.Time, LeaderEpoch = found.LeaderEpoch };
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException)
        {
            SpewEvents.ReadFailed(exchange.Node.Logger, fault, partition.Channel.Name, partition.Index, -1);
            return Failed(exchange, asked, ErrorCode.KafkaStorageError);
        }
    }

    private static async ValueTask<OffsetAndTime> FindAsync(Exchange exchange, LogPartition partition, long timestamp)
    {
        EventLog log = exchange.Node.Log;
        var none = new OffsetAndTime(-1, -1, -1);
        return timestamp switch
        {
            Latest => At(partition.HighWatermark),
            Earliest => At(partition.StartOffset),
            EarliestLocal => At(partition.JournalStart),
            LatestTiered => partition.SealedThrough > partition.StartOffset ? At(partition.SealedThrough - 1) : none,
            MaxTimestamp => await log.FindMaxTimestampAsync(partition, exchange.Client.Ending) ?? none,
            _ => await log.FindByTimeAsync(partition, timestamp, LogClock.Event, cancel: exchange.Client.Ending) ?? none,
        };

        OffsetAndTime At(long offset) => new(offset, -1, partition.LeaderEpoch);
    }

    /// <summary>From which version a negative time means something (KIP-734, KIP-405, KIP-1005).</summary>
    private static bool Knows(short version, long timestamp) => timestamp switch
    {
        Latest or Earliest => true,
        MaxTimestamp => version >= 7,
        EarliestLocal => version >= 8,
        LatestTiered => version >= 9,
        _ => false,
    };

    private static ListOffsetsPartitionResponse Failed(Exchange exchange, ListOffsetsPartition asked, ErrorCode error) =>
        new() { PartitionIndex = asked.PartitionIndex, ErrorCode = exchange.Code(error), Timestamp = -1, Offset = -1, LeaderEpoch = -1 };
}
