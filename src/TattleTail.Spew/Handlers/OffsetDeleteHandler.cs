using TattleTail.Log;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Drops commits of channels that a group does not consume now.</summary>
internal static class OffsetDeleteHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        OffsetDeleteRequest request = exchange.Read<OffsetDeleteRequest>();
        if (request.GroupId.Length == 0)
        {
            Refuse(exchange, ErrorCode.InvalidGroupId);
            return;
        }

        if (!await GroupLookup.IsLoadedAsync(exchange))
        {
            Refuse(exchange, GroupLookup.Unavailable);
            return;
        }

        if (exchange.Node.Groups.Find(request.GroupId) is not { } group)
        {
            Refuse(exchange, ErrorCode.GroupIdNotFound);
            return;
        }

        (bool mayDelete, IReadOnlySet<string> consumed) = group.Look(g => (g.Members.Count == 0 || g.ProtocolType == Subscriptions.ProtocolType, Subscriptions.Of(g)));
        if (!mayDelete)
        {
            Refuse(exchange, ErrorCode.NonEmptyGroup);
            return;
        }

        var forgotten = new List<LogPartition>();
        OffsetDeleteTopicResponse[] topics = [.. request.Topics.Select(topic => Choose(exchange, topic, consumed, forgotten))];
        try
        {
            await exchange.Node.Groups.Store.ForgetAsync(request.GroupId, forgotten);
            exchange.Write(new OffsetDeleteResponse { Topics = topics });
        }
        catch (LogUnavailableException)
        {
            Refuse(exchange, GroupLookup.Unavailable);
        }
    }

    private static OffsetDeleteTopicResponse Choose(Exchange exchange, OffsetDeleteTopic topic, IReadOnlySet<string> consumed, List<LogPartition> forgotten)
    {
        Channel? channel = ChannelLookup.FindReadable(exchange, topic.Name, out ErrorCode unreadable);
        var partitions = new OffsetDeletePartitionResponse[topic.Partitions.Length];
        for (int i = 0; i < partitions.Length; i++)
        {
            int index = topic.Partitions[i].PartitionIndex;
            LogPartition? partition = ChannelLookup.Partition(channel, index);
            ErrorCode error = unreadable != ErrorCode.None ? unreadable : partition is null ? ErrorCode.UnknownTopicOrPartition : consumed.Contains(topic.Name) ? ErrorCode.GroupSubscribedToTopic : ErrorCode.None;
            if (error == ErrorCode.None)
            {
                forgotten.Add(partition!);
            }

            partitions[i] = new OffsetDeletePartitionResponse { PartitionIndex = index, ErrorCode = exchange.Code(error) };
        }

        return new OffsetDeleteTopicResponse { Name = topic.Name, Partitions = partitions };
    }

    private static void Refuse(Exchange exchange, ErrorCode error) => exchange.Write(new OffsetDeleteResponse { ErrorCode = exchange.Code(error), Topics = [] });
}
