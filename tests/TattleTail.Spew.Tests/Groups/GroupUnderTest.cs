using System.Text;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Tests.Groups;

/// <summary>A group with a clock that the test moves.</summary>
internal sealed class GroupUnderTest
{
    private int _ids;

    public GroupUnderTest(GroupOptions? options = null) => Group = new Group("g", options ?? new GroupOptions());

    public Group Group { get; }

    public long Now { get; set; } = 1_000;

    /// <summary>Joins as clients of today do: first for an id, then with it. Static members and given ids join at once.</summary>
    public Task<JoinResult> Join(string id = "", string? instance = null, string says = "topic", string protocol = "range", bool knownIds = true, string type = "consumer")
    {
        Task<JoinResult> answer = JoinOnce(id, instance, [new MemberProtocol(protocol, Encoding.UTF8.GetBytes(says))], knownIds, type);
        return answer is { IsCompletedSuccessfully: true, Result.Error: ErrorCode.MemberIdRequired } ? Join(answer.Answer().MemberId, instance, says, protocol, knownIds, type) : answer;
    }

    public Task<JoinResult> JoinOnce(string id, string? instance, MemberProtocol[] protocols, bool knownIds = true, string type = "consumer", bool skips = true) => Group.Join(
        new JoinRequest(new MemberIdentity(id, instance), "client", "/127.0.0.1", TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(60), type, protocols, knownIds, skips), $"client-{_ids++}", Now);

    /// <summary>Asks for the assignment; the leader gives each member its own id as one.</summary>
    public Task<SyncResult> Sync(JoinResult joined, string? instance = null) => Group.Sync(
        new SyncRequest(
            new MemberIdentity(joined.MemberId, instance), joined.Generation, "consumer", joined.Protocol,
            joined.Members.ToDictionary(m => m.MemberId, m => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes("for " + m.MemberId))),
        Now);

    /// <summary>Lets what is to be saved be saved, or fail to be.</summary>
    public bool Save(bool isDurable = true)
    {
        int generation = Group.Generation;
        if (Group.TakeUnsaved() is null)
        {
            return false;
        }

        Group.Saved(generation, isDurable, Now);
        return true;
    }

    public void Pass(double seconds)
    {
        Now += (long)(seconds * 1000);
        Group.Tick(Now);
    }

    /// <summary>Lets the time pass in which the members of a first generation come together.</summary>
    public void Form()
    {
        Pass(3);
        Pass(3);
    }

    public ErrorCode Beat(JoinResult joined, string? instance = null) => Group.Heartbeat(new MemberIdentity(joined.MemberId, instance), joined.Generation, Now);

    /// <summary>A stable group of so many members; the first leads.</summary>
    public JoinResult[] Stable(int members)
    {
        Task<JoinResult>[] joins = [.. Enumerable.Range(0, members).Select(_ => Join())];
        Form();
        JoinResult[] joined = [.. joins.Select(j => j.Answer())];
        foreach (JoinResult each in joined)
        {
            _ = Sync(each);
        }

        Save();
        return joined;
    }
}

/// <summary>Answers that are there.</summary>
internal static class Answers
{
    /// <summary>What a group has answered; fails when it still waits.</summary>
    public static T Answer<T>(this Task<T> task)
    {
        Assert.True(task.IsCompleted, "the group has not answered yet");
        return task.GetAwaiter().GetResult();
    }
}
