using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Tells where a leader epoch ends, so that a consumer notices when what it has read was cut off by a crash (KIP-320).</summary>
internal static class OffsetForLeaderEpochHandler
{
    public static ValueTask HandleAsync(Exchange exchange)
    {
        OffsetForLeaderEpochRequest request = exchange.Read<OffsetForLeaderEpochRequest>();
        exchange.Write(new OffsetForLeaderEpochResponse
        {
            Topics =
            [
                .. request.Topics.Select(topic => new OffsetForLeaderEpochTopicResponse
                {
                    Topic = topic.Topic,
                    Partitions = [.. topic.Partitions.Select(asked => Answer(exchange, topic.Topic, asked))],
                }),
            ],
        });
        return ValueTask.CompletedTask;
    }

    private static EpochEndOffset Answer(Exchange exchange, string name, OffsetForLeaderEpochPartition asked)
    {
        Channel? channel = ChannelLookup.FindVisible(exchange, name, out ErrorCode error);
        LogPartition? partition = ChannelLookup.Partition(channel, asked.Partition);
        error = error != ErrorCode.None ? error : partition is null ? ErrorCode.UnknownTopicOrPartition : ChannelLookup.CheckEpoch(partition, asked.CurrentLeaderEpoch);
        (int epoch, long end) = error == ErrorCode.None ? partition!.EndOfEpoch(asked.LeaderEpoch) ?? (-1, -1) : (-1, -1);
        return new EpochEndOffset { ErrorCode = exchange.Code(error), Partition = asked.Partition, LeaderEpoch = epoch, EndOffset = end };
    }
}
