using TattleTail.Log;
using TattleTail.Log.Groups;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Tells how far groups have consumed: one group up to version 7, several from version 8. What was never committed is at -1, and no error.</summary>
internal static class OffsetFetchHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        OffsetFetchRequest request = exchange.Read<OffsetFetchRequest>();
        if (exchange.Version < 8)
        {
            OffsetFetchGroupResponse only = await FetchAsync(exchange, request.GroupId, request.Topics);
            exchange.Write(new OffsetFetchResponse { Topics = only.Topics, ErrorCode = only.ErrorCode });
            return;
        }

        var groups = new OffsetFetchGroupResponse[request.Groups.Length];
        for (int i = 0; i < groups.Length; i++)
        {
            groups[i] = await FetchAsync(exchange, request.Groups[i].GroupId, request.Groups[i].Topics);
        }

        exchange.Write(new OffsetFetchResponse { Groups = groups });
    }

    private static async ValueTask<OffsetFetchGroupResponse> FetchAsync(Exchange exchange, string group, OffsetFetchTopic[]? topics)
    {
        try
        {
            CommittedOffset[] commits = [.. (await exchange.Node.Groups.Store.CommitsAsync(group)).Where(c => exchange.Visit.Principal.MayRead(c.Partition.Channel.Name))];
            return new OffsetFetchGroupResponse { GroupId = group, Topics = topics is null ? All(commits) : Asked(exchange, topics, commits) };
        }
        catch (LogUnavailableException)
        {
            short error = exchange.Code(GroupLookup.Unavailable);
            return new OffsetFetchGroupResponse { GroupId = group, Topics = topics is null ? [] : Failed(topics, error), ErrorCode = error };
        }
    }

    private static OffsetFetchTopicResponse[] All(CommittedOffset[] commits) =>
    [
        .. commits.GroupBy(c => c.Partition.Channel.Name, StringComparer.Ordinal).Select(topic => new OffsetFetchTopicResponse
        {
            Name = topic.Key,
            Partitions = [.. topic.OrderBy(c => c.Partition.Index).Select(c => Answer(c.Partition.Index, c))],
        }),
    ];

    private static OffsetFetchTopicResponse[] Asked(Exchange exchange, OffsetFetchTopic[] topics, CommittedOffset[] commits)
    {
        var known = commits.ToDictionary(c => (c.Partition.Channel.Name, c.Partition.Index));
        return
        [
            .. topics.Select(topic =>
            {
                bool mayRead = exchange.Visit.MayRead(topic.Name);
                return new OffsetFetchTopicResponse
                {
                    Name = topic.Name,
                    Partitions = [.. topic.PartitionIndexes.Select(index => Answer(index, known.GetValueOrDefault((topic.Name, index))) with { ErrorCode = mayRead ? (short)0 : exchange.Code(ErrorCode.TopicAuthorizationFailed) })],
                };
            }),
        ];
    }

    private static OffsetFetchTopicResponse[] Failed(OffsetFetchTopic[] topics, short error) =>
    [
        .. topics.Select(topic => new OffsetFetchTopicResponse
        {
            Name = topic.Name,
            Partitions = [.. topic.PartitionIndexes.Select(index => Answer(index, null) with { ErrorCode = error })],
        }),
    ];

    private static OffsetFetchPartitionResponse Answer(int index, CommittedOffset? commit) => new()
    {
        PartitionIndex = index,
        CommittedOffset = commit?.Offset ?? -1,
        CommittedLeaderEpoch = commit?.LeaderEpoch ?? -1,
        Metadata = commit?.Metadata ?? "",
    };
}
