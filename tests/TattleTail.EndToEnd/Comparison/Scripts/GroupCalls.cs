using System.Buffers.Binary;
using System.Text;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>The calls of members that the scripts of groups share.</summary>
internal static class GroupCalls
{
    private static readonly byte[] Assignment = [0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF];

    public static Task<JoinGroupResponse> JoinAsync(this Conversation broker, string step, JoinGroupRequest request, short version = 9) =>
        broker.AskAsync<JoinGroupRequest, JoinGroupResponse>(step, version, request);

    /// <summary>Joins as a member that is not known yet, and gives the generation and the member's id.</summary>
    public static async Task<JoinGroupResponse> JoinKnownAsync(this Conversation broker, JoinGroupRequest request)
    {
        JoinGroupResponse known = await broker.SendAsync<JoinGroupRequest, JoinGroupResponse>(9, request);
        return known.ErrorCode == 0 ? known : await broker.SendAsync<JoinGroupRequest, JoinGroupResponse>(9, request with { MemberId = known.MemberId });
    }

    public static JoinGroupRequest Join(string group, string member = "", string? instance = null, string topic = "commits") => new()
    {
        GroupId = group,
        SessionTimeoutMs = 30_000,
        RebalanceTimeoutMs = 30_000,
        MemberId = member,
        GroupInstanceId = instance,
        ProtocolType = "consumer",
        Protocols = [new JoinGroupProtocol { Name = "range", Metadata = Subscription(topic) }, new JoinGroupProtocol { Name = "roundrobin", Metadata = Subscription(topic) }],
    };

    public static SyncGroupRequest Sync(string group, JoinGroupResponse joined, string? instance = null, params string[] assigned) => new()
    {
        GroupId = group,
        GenerationId = joined.GenerationId,
        MemberId = joined.MemberId,
        GroupInstanceId = instance,
        ProtocolType = "consumer",
        ProtocolName = "range",
        Assignments = [.. assigned.Select(member => new SyncGroupAssignment { MemberId = member, Assignment = Assignment })],
    };

    public static Task<SyncGroupResponse> SyncAsync(this Conversation broker, string step, SyncGroupRequest request, short version = 5) =>
        broker.AskAsync<SyncGroupRequest, SyncGroupResponse>(step, version, request);

    public static Task BeatAsync(this Conversation broker, string step, string group, string member, int generation, string? instance = null) =>
        broker.AskAsync<HeartbeatRequest, HeartbeatResponse>(step, 4, new HeartbeatRequest { GroupId = group, MemberId = member, GenerationId = generation, GroupInstanceId = instance });

    public static Task LeaveAsync(this Conversation broker, string step, string group, params (string Member, string? Instance)[] members) =>
        broker.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(
            step, 5, new LeaveGroupRequest { GroupId = group, Members = [.. members.Select(m => new LeaveGroupMember { MemberId = m.Member, GroupInstanceId = m.Instance })] });

    public static Task DescribeAsync(this Conversation broker, string step, string group, short version = 5) =>
        broker.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(step, version, new DescribeGroupsRequest { Groups = [group], IncludeAuthorizedOperations = true });

    public static Task DeleteGroupsAsync(this Conversation broker, string step, params string[] groups) =>
        broker.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(step, 2, new DeleteGroupsRequest { GroupsNames = groups });

    public static Task CommitAsync(this Conversation broker, string step, OffsetCommitRequest request, short version = 9) =>
        broker.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(step, version, request);

    public static OffsetCommitRequest Commit(string group, string member, int generation, long offset, string topic = "commits", int partition = 0) => new()
    {
        GroupId = group,
        MemberId = member,
        GenerationIdOrMemberEpoch = generation,
        RetentionTimeMs = -1,
        Topics =
        [
            new OffsetCommitTopic { Name = topic, Partitions = [new OffsetCommitPartition { PartitionIndex = partition, CommittedOffset = offset, CommittedLeaderEpoch = -1, CommittedMetadata = $"at {offset}" }] },
        ],
    };

    private static byte[] Subscription(string topic)
    {
        byte[] subscription = [0, 0, 0, 0, 0, 1, 0, 0, .. Encoding.UTF8.GetBytes(topic), 0xFF, 0xFF, 0xFF, 0xFF];
        BinaryPrimitives.WriteInt16BigEndian(subscription.AsSpan(6), (short)topic.Length);
        return subscription;
    }
}
