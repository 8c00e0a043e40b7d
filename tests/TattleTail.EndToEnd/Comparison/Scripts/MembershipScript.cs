using TattleTail.Spew.Protocol.Messages;
using static TattleTail.EndToEnd.Comparison.GroupCalls;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>A group of two members that rebalances, and static members that come back.</summary>
internal static class MembershipScript
{
    public static async Task RunAsync(Conversation broker)
    {
        await TwoMembersAsync(broker);
        await StaticAsync(broker);
        await StaticLeaveAsync(broker);
    }

    private static async Task TwoMembersAsync(Conversation broker)
    {
        const string group = "two";
        using var other = new Conversation(broker.Port);
        JoinGroupResponse first = await broker.JoinKnownAsync(Join(group));
        broker.Transcript.NameOf("member", first.MemberId);
        await broker.SyncAsync("two: sync of the first", Sync(group, first, null, first.MemberId));
        JoinGroupResponse known = await other.SendAsync<JoinGroupRequest, JoinGroupResponse>(9, Join(group));
        broker.Transcript.NameOf("member", known.MemberId);
        Task<JoinGroupResponse> joining = other.SendAsync<JoinGroupRequest, JoinGroupResponse>(9, Join(group, known.MemberId));
        await broker.UntilAsync<HeartbeatRequest, HeartbeatResponse>(
            4, new HeartbeatRequest { GroupId = group, MemberId = first.MemberId, GenerationId = first.GenerationId }, response => response.ErrorCode != 0);
        await broker.BeatAsync("two: heartbeat while the second joins", group, first.MemberId, first.GenerationId);
        await broker.CommitAsync("two: commit while the second joins", Commit(group, first.MemberId, first.GenerationId, 3));
        await broker.SyncAsync("two: sync while the second joins", Sync(group, first));
        await broker.DescribeAsync("two: describe while the second joins", group);
        first = await broker.JoinAsync("two: first joins again", Join(group, first.MemberId));
        AnswerLines.Write(broker.Transcript, "two: second joins", 9, await joining);
        Task<SyncGroupResponse> waiting = other.SendAsync<SyncGroupRequest, SyncGroupResponse>(5, Sync(group, await joining));
        await broker.SyncAsync("two: sync of the leader", Sync(group, first, null, first.MemberId));
        AnswerLines.Write(broker.Transcript, "two: sync of the second, which the leader forgot", 5, await waiting);
        await broker.JoinAsync("two: second joins again, with nothing new", Join(group, known.MemberId));
        await broker.LeaveAsync("two: both leave", group, (first.MemberId, null), (known.MemberId, null));
        await broker.DescribeAsync("two: describe when both have left", group);
    }

    private static async Task StaticAsync(Conversation broker)
    {
        const string group = "static", name = "machine";
        JoinGroupResponse first = await broker.JoinAsync("static: join", Join(group, "", name));
        await broker.SyncAsync("static: sync", Sync(group, first, name, first.MemberId));
        await broker.DescribeAsync("static: describe", group);
        JoinGroupResponse second = await broker.JoinAsync("static: come back", Join(group, "", name));
        await broker.SyncAsync("static: sync after coming back", Sync(group, second, name));
        await broker.BeatAsync("static: heartbeat of the one before", group, first.MemberId, first.GenerationId, name);
        await broker.BeatAsync("static: heartbeat of the one before without its name", group, first.MemberId, first.GenerationId);
        await broker.BeatAsync("static: heartbeat without the name", group, second.MemberId, second.GenerationId);
        await broker.SyncAsync("static: sync of the one before", Sync(group, first, name));
        await broker.JoinAsync("static: join of the one before", Join(group, first.MemberId, name));
        await broker.CommitAsync("static: commit of the one before", Commit(group, first.MemberId, first.GenerationId, 2) with { GroupInstanceId = name });
        await broker.CommitAsync("static: commit", Commit(group, second.MemberId, second.GenerationId, 2) with { GroupInstanceId = name });
        await broker.LeaveAsync("static: the one before leaves", group, (first.MemberId, name));
        await broker.JoinAsync("static: come back in version 8", Join(group, "", name), 8);
        JoinGroupResponse third = await broker.JoinAsync("static: come back with other topics", Join(group, "", name, "else"));
        await broker.SyncAsync("static: sync with other topics", Sync(group, third, name, third.MemberId));
        await broker.DescribeAsync("static: describe with other topics", group);
    }

    private static async Task StaticLeaveAsync(Conversation broker)
    {
        const string group = "static", name = "machine";
        await broker.LeaveAsync("static: leave by name", group, ("", name), ("", "unknown"));
        await broker.DescribeAsync("static: describe when it has left", group);
        await broker.JoinAsync("static: unknown id under a name", Join(group, "nobody", name));
    }
}
