using System.Text;
using TattleTail.Log;
using TattleTail.Log.Groups;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Keeps how far a group has consumed; answered when it is durable.</summary>
internal static class OffsetCommitHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        OffsetCommitRequest request = exchange.Read<OffsetCommitRequest>();
        ErrorCode refused = await CheckAsync(exchange, request);
        var commits = new List<OffsetCommit>();
        var topics = new OffsetCommitTopicResponse[request.Topics.Length];
        for (int t = 0; t < topics.Length; t++)
        {
            OffsetCommitTopic topic = request.Topics[t];
            Channel? channel = ChannelLookup.FindReadable(exchange, topic.Name, out ErrorCode unreadable);
            topics[t] = new OffsetCommitTopicResponse { Name = topic.Name, Partitions = new OffsetCommitPartitionResponse[topic.Partitions.Length] };
            for (int p = 0; p < topic.Partitions.Length; p++)
            {
                OffsetCommitPartition asked = topic.Partitions[p];
                ErrorCode error = refused != ErrorCode.None ? refused : unreadable != ErrorCode.None ? unreadable : Take(exchange, channel, asked, commits);
                topics[t].Partitions[p] = new OffsetCommitPartitionResponse { PartitionIndex = asked.PartitionIndex, ErrorCode = (short)error };
            }
        }

        if (commits.Count > 0)
        {
            ErrorCode kept = await KeepAsync(exchange, request.GroupId, commits);
            Fail(topics, kept);
        }

        Count(exchange, topics);
        exchange.Write(new OffsetCommitResponse { Topics = topics });
    }

    private static async ValueTask<ErrorCode> CheckAsync(Exchange exchange, OffsetCommitRequest request)
    {
        if (!await GroupLookup.IsLoadedAsync(exchange))
        {
            return GroupLookup.Unavailable;
        }

        GroupCoordinator groups = exchange.Node.Groups;
        int generation = exchange.Version >= 1 ? request.GenerationIdOrMemberEpoch : -1;
        if ((generation < 0 ? groups.FindOrMake(request.GroupId) : groups.Find(request.GroupId)) is not { } group)
        {
            return generation < 0 ? ErrorCode.GroupMaxSizeReached : ErrorCode.IllegalGeneration;
        }

        var identity = new MemberIdentity(request.MemberId, request.GroupInstanceId);
        return group.Hear((g, now) => g.CheckCommit(identity, generation, now));
    }

    private static ErrorCode Take(Exchange exchange, Channel? channel, OffsetCommitPartition asked, List<OffsetCommit> commits)
    {
        if (ChannelLookup.Partition(channel, asked.PartitionIndex) is not { } partition)
        {
            return ErrorCode.UnknownTopicOrPartition;
        }

        string metadata = asked.CommittedMetadata ?? "";
        if (Encoding.UTF8.GetByteCount(metadata) > exchange.Node.Groups.Options.MaxCommitMetadataBytes)
        {
            return ErrorCode.OffsetMetadataTooLarge;
        }

        commits.Add(new OffsetCommit(partition, asked.CommittedOffset, exchange.Version >= 6 ? asked.CommittedLeaderEpoch : -1, metadata));
        return ErrorCode.None;
    }

    private static async ValueTask<ErrorCode> KeepAsync(Exchange exchange, string group, List<OffsetCommit> commits)
    {
        try
        {
            await exchange.Node.Groups.Store.CommitAsync(group, commits);
            return ErrorCode.None;
        }
        catch (LogUnavailableException)
        {
            return GroupLookup.Unavailable;
        }
        catch (GroupsFullException fault)
        {
            SpewEvents.GroupNotSaved(exchange.Node.Logger, group, fault.Message);
            return ErrorCode.InvalidCommitOffsetSize;
        }
    }

    private static void Fail(OffsetCommitTopicResponse[] topics, ErrorCode error)
    {
        if (error == ErrorCode.None)
        {
            return;
        }

        foreach (OffsetCommitTopicResponse topic in topics)
        {
            foreach (ref OffsetCommitPartitionResponse partition in topic.Partitions.AsSpan())
            {
                partition.ErrorCode = partition.ErrorCode == 0 ? (short)error : partition.ErrorCode;
            }
        }
    }

    private static void Count(Exchange exchange, OffsetCommitTopicResponse[] topics)
    {
        foreach (OffsetCommitTopicResponse topic in topics)
        {
            foreach (OffsetCommitPartitionResponse partition in topic.Partitions)
            {
                exchange.Code((ErrorCode)partition.ErrorCode);
            }
        }
    }
}
