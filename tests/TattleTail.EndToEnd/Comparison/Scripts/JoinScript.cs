using TattleTail.Spew.Protocol.Messages;
using static TattleTail.EndToEnd.Comparison.GroupCalls;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Members that come to groups in good and bad ways, and what the groups look like meanwhile.</summary>
internal static class JoinScript
{
    private const string Group = "joined";

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync("commits", 2);
        await RefusedAsync(broker);
        JoinGroupResponse known = await broker.JoinAsync("join, first", Join(Group));
        await broker.DescribeAsync("describe a group that nobody has joined quite", Group);
        JoinGroupResponse joined = await broker.JoinAsync("join, known", Join(Group, known.MemberId));
        await broker.DescribeAsync("describe a group that waits for its leader", Group);
        await broker.BeatAsync("heartbeat before the assignment", Group, joined.MemberId, joined.GenerationId);
        await broker.CommitAsync("commit before the assignment", Commit(Group, joined.MemberId, joined.GenerationId, 1));
        await SyncAsync(broker, joined);
        foreach (short version in (short[])[0, 3, 5])
        {
            await broker.DescribeAsync($"describe a stable group, version {version}", Group, version);
        }

        await AgainAsync(broker, joined);
        await ListAsync(broker);
        await LeaveAsync(broker, joined);
        await OlderAsync(broker);
    }

    private static async Task RefusedAsync(Conversation broker)
    {
        await broker.JoinAsync("join, no group", Join(""));
        await broker.JoinAsync("join, session too short", Join("refused") with { SessionTimeoutMs = 10 });
        await broker.JoinAsync("join, session too long", Join("refused") with { SessionTimeoutMs = int.MaxValue });
        await broker.JoinAsync("join, no protocol type", Join("refused") with { ProtocolType = "" });
        await broker.JoinAsync("join, no protocols", Join("refused") with { Protocols = [] });
        await broker.JoinAsync("join, unknown member of an unknown group", Join("refused", "nobody"));
        await broker.JoinAsync("join, static, unknown member of an unknown group", Join("refused", "nobody", "static"));
        await broker.BeatAsync("heartbeat to an unknown group", "refused-unknown", "nobody", 1);
        await broker.BeatAsync("heartbeat to no group", "", "nobody", 1);
        await broker.SyncAsync("sync with an unknown group", new SyncGroupRequest { GroupId = "refused-unknown", GenerationId = 1, MemberId = "nobody", ProtocolType = "consumer", ProtocolName = "range", Assignments = [] });
        await broker.SyncAsync("sync with no group", new SyncGroupRequest { GroupId = "", GenerationId = 1, MemberId = "nobody", ProtocolType = "consumer", ProtocolName = "range", Assignments = [] });
        await broker.LeaveAsync("leave an unknown group", "refused-unknown", ("nobody", null));
        await broker.LeaveAsync("leave no group", "", ("nobody", null));
        await broker.AskAsync<LeaveGroupRequest, LeaveGroupResponse>("leave an unknown group, version 2", 2, new LeaveGroupRequest { GroupId = "refused-unknown", MemberId = "nobody" });
        await broker.DescribeAsync("describe an unknown group", "refused-unknown");
        await broker.DescribeAsync("describe a group that only refused", "refused");
        await broker.DescribeAsync("describe no group", "");
        await broker.DeleteGroupsAsync("delete unknown groups", "refused-unknown", "");
    }

    private static async Task SyncAsync(Conversation broker, JoinGroupResponse joined)
    {
        await broker.SyncAsync("sync, wrong generation", Sync(Group, joined with { GenerationId = 7 }));
        await broker.SyncAsync("sync, unknown member", Sync(Group, joined with { MemberId = "nobody" }));
        await broker.SyncAsync("sync, wrong protocol", Sync(Group, joined) with { ProtocolName = "roundrobin" });
        await broker.SyncAsync("sync, wrong protocol type", Sync(Group, joined) with { ProtocolType = "connect" });
        await broker.SyncAsync("sync", Sync(Group, joined, null, joined.MemberId));
        await broker.SyncAsync("sync again", Sync(Group, joined));
        await broker.SyncAsync("sync again, version 2", Sync(Group, joined), 2);
    }

    private static async Task AgainAsync(Conversation broker, JoinGroupResponse joined)
    {
        await broker.BeatAsync("heartbeat", Group, joined.MemberId, joined.GenerationId);
        await broker.BeatAsync("heartbeat, wrong generation", Group, joined.MemberId, joined.GenerationId + 1);
        await broker.BeatAsync("heartbeat, unknown member", Group, "nobody", joined.GenerationId);
        await broker.BeatAsync("heartbeat, no member", Group, "", joined.GenerationId);
        await broker.BeatAsync("heartbeat, unknown static member", Group, joined.MemberId, joined.GenerationId, "static");
        await broker.JoinAsync("join, unknown member", Join(Group, "nobody"));
        await broker.JoinAsync("join, other protocol type", Join(Group) with { ProtocolType = "connect" });
        await broker.JoinAsync("join, other protocols", Join(Group) with { Protocols = [new JoinGroupProtocol { Name = "sticky" }] });
        await broker.DeleteGroupsAsync("delete a group with members", Group);
        await broker.LeaveAsync("leave, unknown member", Group, ("nobody", null));
        await broker.LeaveAsync("leave, unknown static member", Group, ("", "nobody"));
        await broker.AskAsync<LeaveGroupRequest, LeaveGroupResponse>("leave, unknown member, version 2", 2, new LeaveGroupRequest { GroupId = Group, MemberId = "nobody" });
        JoinGroupResponse again = await broker.JoinAsync("join again, as leader", Join(Group, joined.MemberId));
        await broker.SyncAsync("sync after joining again", Sync(Group, again, null, again.MemberId));
    }

    private static async Task ListAsync(Conversation broker)
    {
        await ListAsync(broker, "list groups", 5, [], []);
        await ListAsync(broker, "list groups, version 0", 0, [], []);
        await ListAsync(broker, "list groups, stable", 4, ["Stable"], []);
        await ListAsync(broker, "list groups, stable in small letters", 4, ["stable"], []);
        await ListAsync(broker, "list groups, empty", 4, ["Empty"], []);
        await ListAsync(broker, "list groups, no such state", 4, ["Bogus"], []);
        await ListAsync(broker, "list groups, classic", 5, [], ["classic"]);
        await ListAsync(broker, "list groups, consumer", 5, [], ["consumer"]);
        await ListAsync(broker, "list groups, no such type", 5, [], ["bogus"]);
    }

    private static async Task LeaveAsync(Conversation broker, JoinGroupResponse joined)
    {
        await broker.LeaveAsync("leave", Group, (joined.MemberId, null));
        await broker.DescribeAsync("describe a group that was left", Group);
        await broker.BeatAsync("heartbeat after leaving", Group, joined.MemberId, joined.GenerationId);
        await broker.JoinAsync("join after leaving, with the old id", Join(Group, joined.MemberId));
        await broker.DeleteGroupsAsync("delete a group", Group, Group);
        await broker.DescribeAsync("describe a group that was deleted", Group);
    }

    private static async Task OlderAsync(Conversation broker)
    {
        foreach (short version in (short[])[0, 2, 3, 5])
        {
            string group = $"joined-{version}";
            JoinGroupResponse joined = await broker.JoinAsync($"join, version {version}", Join(group), version);
            await broker.LeaveAsync($"leave what was joined in version {version}", group, (joined.MemberId, null));
            await broker.DescribeAsync($"describe what was joined in version {version}", group);
        }
    }

    private static async Task ListAsync(Conversation broker, string step, short version, string[] states, string[] types)
    {
        // Groups that only refused are forgotten when it suits the broker.
        ListGroupsResponse response = await broker.SendAsync<ListGroupsRequest, ListGroupsResponse>(version, new ListGroupsRequest { StatesFilter = states, TypesFilter = types });
        AnswerLines.Write(broker.Transcript, step, version, response with { Groups = [.. response.Groups.Where(group => group.GroupId == Group)] });
    }
}
