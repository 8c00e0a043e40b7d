using TattleTail.Spew.Protocol.Messages;
using static TattleTail.EndToEnd.Comparison.GroupCalls;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Committed offsets: of members, of consumers without a group, and read and deleted by anybody.</summary>
internal static class CommitScript
{
    private const string Group = "committing";

    public static async Task RunAsync(Conversation broker)
    {
        await ReadUnknownAsync(broker);
        await AloneAsync(broker);
        await MemberAsync(broker);
        await DeleteAsync(broker);
    }

    private static async Task ReadUnknownAsync(Conversation broker)
    {
        await FetchAsync(broker, "offsets of an unknown group", "commit-unknown", "commits", 0);
        await FetchAllAsync(broker, "all offsets of an unknown group", "commit-unknown");
        await FetchAsync(broker, "offsets of no group", "", "commits", 0);
        foreach (short version in (short[])[1, 3, 5, 7])
        {
            await broker.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(
                $"offsets of an unknown group, version {version}", version, new OffsetFetchRequest { GroupId = "commit-unknown", Topics = [new OffsetFetchTopic { Name = "commits", PartitionIndexes = [0, 9] }] });
        }
    }

    private static async Task AloneAsync(Conversation broker)
    {
        const string group = "alone";
        await broker.CommitAsync("commit alone", Commit(group, "", -1, 5));
        await broker.DescribeAsync("describe what only commits", group);
        await broker.CommitAsync("commit alone, backwards", Commit(group, "", -1, 3));
        await broker.CommitAsync("commit alone, beyond the end", Commit(group, "", -1, 1_000_000, partition: 1));
        await broker.CommitAsync("commit alone, -1", Commit(group, "", -1, -1));
        await broker.CommitAsync("commit alone, in an unknown topic", Commit(group, "", -1, 1, "commits-unknown"));
        await broker.CommitAsync("commit alone, in an unknown partition", Commit(group, "", -1, 1, "commits", 9));
        await broker.CommitAsync("commit alone, in generation 1", Commit(group, "", 1, 1));
        await broker.CommitAsync("commit alone, as somebody", Commit(group, "nobody", -1, 1));
        await broker.CommitAsync("commit alone, to no group", Commit("", "", -1, 1));
        await broker.CommitAsync("commit in generation 1 to an unknown group", Commit("commit-unknown", "nobody", 1, 1));
        await broker.CommitAsync("commit alone, much metadata", WithMetadata(Commit(group, "", -1, 1), new string('m', 5000)));
        await broker.CommitAsync("commit alone, no metadata", WithMetadata(Commit(group, "", -1, 4), null));
        await FetchAsync(broker, "offsets of what commits alone", group, "commits", 0, 1, 9);
        await FetchAsync(broker, "offsets in an unknown topic", group, "commits-unknown", 0);
        await FetchAllAsync(broker, "all offsets of what commits alone", group);
        await broker.CommitAsync("commit alone, version 2", Commit(group, "", -1, 6), 2);
        await broker.CommitAsync("commit alone, version 6, in an epoch", WithEpoch(Commit(group, "", -1, 7), broker.FirstEpoch), 6);
        await FetchAsync(broker, "offsets in an epoch", group, "commits", 0);
        await broker.AskAsync<OffsetFetchRequest, OffsetFetchResponse>("all offsets, version 7", 7, new OffsetFetchRequest { GroupId = group });
    }

    private static async Task MemberAsync(Conversation broker)
    {
        JoinGroupResponse joined = await broker.JoinKnownAsync(Join(Group));
        await broker.SyncAsync("committing: sync", Sync(Group, joined, null, joined.MemberId));
        await broker.CommitAsync("member commits", Commit(Group, joined.MemberId, joined.GenerationId, 5));
        await broker.CommitAsync("member commits in an old generation", Commit(Group, joined.MemberId, joined.GenerationId - 1, 6));
        await broker.CommitAsync("member commits in no generation", Commit(Group, joined.MemberId, -1, 6));
        await broker.CommitAsync("somebody commits as a member", Commit(Group, "nobody", joined.GenerationId, 6));
        await broker.CommitAsync("somebody commits to a group with members", Commit(Group, "", -1, 6));
        await broker.CommitAsync("member commits under an unknown name", Commit(Group, joined.MemberId, joined.GenerationId, 6) with { GroupInstanceId = "unknown" });
        await broker.CommitAsync("member commits what it is not assigned", Commit(Group, joined.MemberId, joined.GenerationId, 6, "offsets"));
        await FetchAllAsync(broker, "offsets of a member", Group);
        await ForgetAsync(broker, "delete offsets that are consumed", Group, "commits", 0);
        await ForgetAsync(broker, "delete offsets that are not consumed", Group, "offsets", 0);
        await broker.LeaveAsync("committing: leave", Group, (joined.MemberId, null));
        await broker.CommitAsync("member commits after leaving", Commit(Group, joined.MemberId, joined.GenerationId, 6));
    }

    private static async Task DeleteAsync(Conversation broker)
    {
        await ForgetAsync(broker, "delete offsets of an unknown group", "commit-unknown", "commits", 0);
        await ForgetAsync(broker, "delete offsets of no group", "", "commits", 0);
        await ForgetAsync(broker, "delete offsets in an unknown topic", Group, "commits-unknown", 0);
        await ForgetAsync(broker, "delete offsets in an unknown partition", Group, "commits", 9);
        await ForgetAsync(broker, "delete offsets that nobody committed", Group, "commits", 1);
        await ForgetAsync(broker, "delete offsets", Group, "commits", 0);
        await FetchAllAsync(broker, "offsets after deleting them", Group);
        await broker.DescribeAsync("describe a group without offsets", Group);
        await broker.DeleteGroupsAsync("delete what commits", Group, "alone");
        await FetchAllAsync(broker, "offsets of a deleted group", "alone");
        await broker.CreateAsync("commits-short");
        await broker.CommitAsync("commit to a topic that will end", Commit("short", "", -1, 1, "commits-short"));
        await broker.SendAsync<DeleteTopicsRequest, DeleteTopicsResponse>(6, new DeleteTopicsRequest { Topics = [new DeleteTopicState { Name = "commits-short" }], TimeoutMs = 10_000 });
        await broker.UntilAsync<OffsetFetchRequest, OffsetFetchResponse>(
            9, new OffsetFetchRequest { Groups = [new OffsetFetchGroup { GroupId = "short", MemberEpoch = -1 }] }, response => response.Groups.Single().Topics.Length == 0);
        await FetchAsync(broker, "offsets in a topic that has ended", "short", "commits-short", 0);
    }

    private static OffsetCommitRequest WithMetadata(OffsetCommitRequest request, string? metadata)
    {
        request.Topics[0].Partitions[0].CommittedMetadata = metadata;
        return request;
    }

    private static OffsetCommitRequest WithEpoch(OffsetCommitRequest request, int epoch)
    {
        request.Topics[0].Partitions[0].CommittedLeaderEpoch = epoch;
        return request;
    }

    private static Task<OffsetFetchResponse> FetchAsync(Conversation broker, string step, string group, string topic, params int[] partitions) => FetchTopicsAsync(broker, step, group, [new OffsetFetchTopic { Name = topic, PartitionIndexes = partitions }]);

    private static Task<OffsetFetchResponse> FetchAllAsync(Conversation broker, string step, string group) => FetchTopicsAsync(broker, step, group, null);

    private static Task<OffsetFetchResponse> FetchTopicsAsync(Conversation broker, string step, string group, OffsetFetchTopic[]? topics) =>
        broker.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(step, 9, new OffsetFetchRequest { Groups = [new OffsetFetchGroup { GroupId = group, MemberEpoch = -1, Topics = topics }] });

    private static Task<OffsetDeleteResponse> ForgetAsync(Conversation broker, string step, string group, string topic, int partition) =>
        broker.AskAsync<OffsetDeleteRequest, OffsetDeleteResponse>(step, 0, new OffsetDeleteRequest
        {
            GroupId = group,
            Topics = [new OffsetDeleteTopic { Name = topic, Partitions = [new OffsetDeletePartition { PartitionIndex = partition }] }],
        });
}
