using System.Text;
using CsCheck;
using TattleTail.Spew.Groups;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Tests.Groups;

public sealed class GroupTests
{
    private readonly GroupUnderTest _test = new();

    [Fact]
    public void Join_ForTheFirstTime_HandsOutAnIdAndIsNoMemberYet()
    {
        JoinResult first = _test.JoinOnce("", null, [new MemberProtocol("range", default)]).Answer();

        Assert.Equal((ErrorCode.MemberIdRequired, "client-0"), (first.Error, first.MemberId));
        Assert.Equal((0, GroupPhase.Empty), (_test.Group.Members.Count, _test.Group.Phase));
        _test.Pass(10);
        Assert.True(_test.Group.IsUnused);
        Assert.Equal(ErrorCode.UnknownMemberId, _test.Join("client-0").Answer().Error);
    }

    [Fact]
    public void Join_OfAFirstGeneration_WaitsForMoreAndGivesTheLeaderEverybody()
    {
        Task<JoinResult> one = _test.Join(says: "a");
        _test.Pass(2);
        Task<JoinResult> two = _test.Join(says: "b");
        _test.Pass(1);
        Assert.False(one.IsCompleted, "somebody came, so it waits once more");
        _test.Pass(3);

        Assert.Equal((1, "range", one.Answer().MemberId), (one.Answer().Generation, one.Answer().Protocol, one.Answer().Leader));
        Assert.Equal(["a", "b"], one.Answer().Members.Select(m => Encoding.UTF8.GetString(m.Metadata.Span)));
        Assert.Equal((1, one.Answer().MemberId), (two.Answer().Generation, two.Answer().Leader));
        Assert.Empty(two.Answer().Members);
        Assert.Equal(GroupPhase.CompletingRebalance, _test.Group.Phase);
    }

    [Fact]
    public void Sync_IsAnsweredWhenTheAssignmentIsSaved()
    {
        Task<JoinResult> one = _test.Join();
        Task<JoinResult> two = _test.Join();
        _test.Form();
        Task<SyncResult> follower = _test.Sync(two.Answer());
        Task<SyncResult> leader = _test.Sync(one.Answer());
        Assert.False(follower.IsCompleted || leader.IsCompleted);

        Assert.True(_test.Save());

        Assert.Equal("for " + two.Answer().MemberId, Encoding.UTF8.GetString(follower.Answer().Assignment.Span));
        Assert.Equal("for " + one.Answer().MemberId, Encoding.UTF8.GetString(leader.Answer().Assignment.Span));
        Assert.Equal(GroupPhase.Stable, _test.Group.Phase);
        Assert.Equal("for " + two.Answer().MemberId, Encoding.UTF8.GetString(_test.Sync(two.Answer()).Answer().Assignment.Span));
    }

    [Fact]
    public void Sync_WhoseAssignmentCannotBeSaved_FailsAndRebalances()
    {
        Task<JoinResult> one = _test.Join();
        _test.Form();
        Task<SyncResult> sync = _test.Sync(one.Answer());

        _test.Save(isDurable: false);

        Assert.Equal(ErrorCode.CoordinatorNotAvailable, sync.Answer().Error);
        Assert.Equal(ErrorCode.RebalanceInProgress, _test.Beat(one.Answer()));
    }

    [Fact]
    public void Member_Silent_IsRemovedAndTheOthersShareWhatItHad()
    {
        JoinResult[] members = _test.Stable(2);
        _test.Pass(6);
        Assert.Equal(ErrorCode.None, _test.Beat(members[1]));
        _test.Pass(5);

        Assert.Equal(ErrorCode.RebalanceInProgress, _test.Beat(members[1]));
        Assert.Equal(ErrorCode.UnknownMemberId, _test.Beat(members[0]));
        JoinResult again = _test.Join(members[1].MemberId).Answer();
        Assert.Equal((2, members[1].MemberId, 1), (again.Generation, again.Leader, again.Members.Count));
        Assert.Equal(ErrorCode.IllegalGeneration, _test.Beat(members[1]));
    }

    [Fact]
    public void Rebalance_AMemberThatDoesNotComeBack_IsLeftBehind()
    {
        JoinResult[] members = _test.Stable(2);
        Task<JoinResult> third = _test.Join();
        Task<JoinResult> first = _test.Join(members[0].MemberId);
        for (int beats = 0; beats < 12; beats++)
        {
            Assert.Equal(ErrorCode.RebalanceInProgress, _test.Beat(members[1]));
            Assert.False(first.IsCompleted || third.IsCompleted);
            _test.Pass(5);
        }

        Assert.Equal((2, 2), (first.Answer().Generation, first.Answer().Members.Count));
        Assert.Equal(2, third.Answer().Generation);
        Assert.Equal(ErrorCode.UnknownMemberId, _test.Beat(members[1]));
    }

    [Fact]
    public void Member_ThatNeverAsksForItsAssignment_IsRemoved()
    {
        Task<JoinResult> one = _test.Join();
        Task<JoinResult> two = _test.Join();
        _test.Form();
        _ = _test.Sync(one.Answer());
        _test.Save();
        for (int beats = 0; beats < 12; beats++)
        {
            _test.Beat(one.Answer());
            _test.Beat(two.Answer());
            _test.Pass(5);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, _test.Beat(two.Answer()));
        Assert.Equal(ErrorCode.RebalanceInProgress, _test.Beat(one.Answer()));
    }

    [Fact]
    public void Leave_OfTheLast_EmptiesTheGroupAndSavesIt()
    {
        JoinResult[] members = _test.Stable(1);

        Assert.Equal(ErrorCode.None, _test.Group.Leave(new MemberIdentity(members[0].MemberId, null), _test.Now));

        Assert.Equal((GroupPhase.Empty, 2), (_test.Group.Phase, _test.Group.Generation));
        Assert.True(_test.Save());
        Assert.True(_test.Group.TryDelete());
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, _test.Join().Answer().Error);
    }

    [Fact]
    public void Rejoin_OfAFollowerThatSaysTheSame_DisturbsNobody()
    {
        JoinResult[] members = _test.Stable(2);

        Assert.Equal(1, _test.Join(members[1].MemberId).Answer().Generation);
        Assert.Equal(GroupPhase.Stable, _test.Group.Phase);

        Assert.False(_test.Join(members[1].MemberId, says: "something else").IsCompleted);
        Assert.Equal(GroupPhase.PreparingRebalance, _test.Group.Phase);
    }

    [Fact]
    public void Rejoin_OfTheLeader_Rebalances()
    {
        JoinResult[] members = _test.Stable(2);

        Assert.False(_test.Join(members[0].MemberId).IsCompleted);
        Assert.Equal(ErrorCode.RebalanceInProgress, _test.Beat(members[1]));
    }

    [Fact]
    public void StaticMember_Restarted_KeepsItsAssignmentAndFencesItsOldSelf()
    {
        Task<JoinResult> one = _test.Join(instance: "i1");
        Task<JoinResult> two = _test.Join(instance: "i2");
        _test.Form();
        _ = _test.Sync(one.Answer(), "i1");
        _ = _test.Sync(two.Answer(), "i2");
        _test.Save();

        JoinResult back = _test.Join(instance: "i2").Answer();

        Assert.Equal((ErrorCode.None, 1, GroupPhase.Stable), (back.Error, back.Generation, _test.Group.Phase));
        Assert.NotEqual(two.Answer().MemberId, back.MemberId);
        Assert.Equal("for " + two.Answer().MemberId, Encoding.UTF8.GetString(_test.Sync(back, "i2").Answer().Assignment.Span));
        Assert.Equal(ErrorCode.FencedInstanceId, _test.Beat(two.Answer(), "i2"));
        Assert.True(_test.Save(), "its new id outlives a restart of the node");

        JoinResult leader = _test.Join(instance: "i1").Answer();
        Assert.Equal((true, 2, leader.MemberId), (leader.SkipAssignment, leader.Members.Count, leader.Leader));
    }

    [Fact]
    public void StaticMember_RestartedWithAnOlderClient_IsToldThatItDoesNotLead()
    {
        Task<JoinResult> one = _test.Join(instance: "i1");
        _test.Form();
        _ = _test.Sync(one.Answer(), "i1");
        _test.Save();

        JoinResult back = _test.JoinOnce("", "i1", [new MemberProtocol("range", "topic"u8.ToArray())], skips: false).Answer();

        Assert.Equal((one.Answer().MemberId, false), (back.Leader, back.SkipAssignment));
        Assert.Empty(back.Members);
    }

    [Fact]
    public void StaticMember_RestartedWithAnotherSubscription_Rebalances()
    {
        Task<JoinResult> one = _test.Join(instance: "i1");
        _test.Form();
        _ = _test.Sync(one.Answer(), "i1");
        _test.Save();

        JoinResult back = _test.Join(instance: "i1", says: "another topic").Answer();

        Assert.Equal((2, false), (back.Generation, back.SkipAssignment));
    }

    [Fact]
    public void StaticMembers_AllAwayWhileTheGroupRebalances_AreWaitedForUntilTheirSessionsEnd()
    {
        Task<JoinResult> one = _test.Join(instance: "i1");
        Task<JoinResult> two = _test.Join(instance: "i2");
        _test.Form();
        _ = _test.Sync(one.Answer(), "i1");
        _ = _test.Sync(two.Answer(), "i2");
        _test.Save();
        _test.Pass(9);
        Assert.Equal(ErrorCode.None, _test.Beat(one.Answer(), "i1"));

        _test.Pass(2);
        Assert.Equal(GroupPhase.PreparingRebalance, _test.Group.Phase);
        _test.Pass(9);
        Assert.Equal(0, _test.Group.Members.Count);
        Assert.Equal(GroupPhase.Empty, _test.Group.Phase);
    }

    [Theory]
    [InlineData("", null, -1, ErrorCode.UnknownMemberId)]
    [InlineData("nobody", null, 1, ErrorCode.UnknownMemberId)]
    [InlineData("member", null, 0, ErrorCode.IllegalGeneration)]
    [InlineData("member", "i9", 1, ErrorCode.UnknownMemberId)]
    [InlineData("member", null, 1, ErrorCode.None)]
    public void Commit_InAGroupWithMembers_IsForThem(string member, string? instance, int generation, object error)
    {
        JoinResult[] members = _test.Stable(1);

        string id = member == "member" ? members[0].MemberId : member;
        Assert.Equal(error, _test.Group.CheckCommit(new MemberIdentity(id, instance), generation, _test.Now));
    }

    [Fact]
    public void Commit_WithoutMembers_IsForAnybodyWithoutAGeneration()
    {
        Assert.Equal(ErrorCode.None, _test.Group.CheckCommit(new MemberIdentity("", null), -1, _test.Now));
        Assert.Equal(ErrorCode.None, _test.Group.CheckCommit(new MemberIdentity("x", "static"), -1, _test.Now));
        Assert.Equal(ErrorCode.UnknownMemberId, _test.Group.CheckCommit(new MemberIdentity("x", null), 3, _test.Now));
    }

    [Fact]
    public void Commit_WhileTheLeaderAssigns_WaitsForIt()
    {
        Task<JoinResult> one = _test.Join();
        _test.Form();

        Assert.Equal(ErrorCode.RebalanceInProgress, _test.Group.CheckCommit(new MemberIdentity(one.Answer().MemberId, null), 1, _test.Now));
    }

    [Fact]
    public void Protocol_IsTheOneThatAllSpeakAndMostPrefer()
    {
        MemberProtocol[] Speak(params string[] names) => [.. names.Select(n => new MemberProtocol(n, default))];
        Task<JoinResult> one = _test.JoinOnce("", null, Speak("a", "b", "c"), knownIds: false);
        _ = _test.JoinOnce("", null, Speak("c", "b"), knownIds: false);
        _ = _test.JoinOnce("", null, Speak("c", "b", "a"), knownIds: false);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _test.JoinOnce("", null, Speak("a"), knownIds: false).Answer().Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _test.JoinOnce("", null, Speak("b"), knownIds: false, type: "connect").Answer().Error);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, _test.JoinOnce("", null, [], knownIds: false).Answer().Error);
        _test.Form();

        Assert.Equal("c", one.Answer().Protocol);
    }

    [Fact]
    public void Join_BeyondTheMostMembers_IsRefused()
    {
        var test = new GroupUnderTest(new GroupOptions { MaxMembers = 2 });
        JoinResult[] members = test.Stable(2);

        Assert.Equal(ErrorCode.GroupMaxSizeReached, test.Join().Answer().Error);
        Assert.Equal(ErrorCode.None, test.Join(members[1].MemberId).Answer().Error);
    }

    [Fact]
    public void Restore_OfASavedGroup_GoesOnWithItsMembers()
    {
        Task<JoinResult> one = _test.Join();
        Task<JoinResult> two = _test.Join(instance: "i2");
        _test.Form();
        _ = _test.Sync(two.Answer(), "i2");
        _ = _test.Sync(one.Answer());
        ReadOnlyMemory<byte> saved = _test.Group.TakeUnsaved()!.Value.Encode();

        var restarted = new GroupUnderTest { Now = 5 };
        restarted.Group.Restore(StoredMembership.Decode(saved), 5);

        Assert.Equal(ErrorCode.None, restarted.Beat(one.Answer()));
        Assert.Equal("for " + two.Answer().MemberId, Encoding.UTF8.GetString(restarted.Sync(two.Answer(), "i2").Answer().Assignment.Span));
        Assert.Equal(one.Answer().MemberId, restarted.Group.Members.Leader!.Id);
        restarted.Pass(11);
        Assert.Equal(GroupPhase.Empty, restarted.Group.Phase);
    }

    [Fact]
    public void AnyGroup_WhateverItsMembersDo_KeepsItsPromises()
    {
        Gen.Int[0, 1_000_000].Array[5, 80].Sample(
            steps =>
            {
                var test = new GroupUnderTest();
                var members = new List<JoinResult>();
                var joins = new List<Task<JoinResult>>();
                var syncs = new List<Task<SyncResult>>();
                int generation = 0;
                foreach (int step in steps)
                {
                    JoinResult? some = members.Count > 0 ? members[step / 10 % members.Count] : null;
                    Do(test, step % 10, some, joins, syncs);
                    members.AddRange(joins.Where(j => j.IsCompleted && j.Answer().Error == ErrorCode.None).Select(j => j.Answer()));
                    joins.RemoveAll(j => j.IsCompleted);
                    Check(test.Group, ref generation);
                }

                for (int i = 0; i < 20 && test.Group.Phase != GroupPhase.Empty; i++)
                {
                    test.Save();
                    test.Pass(60);
                    Check(test.Group, ref generation);
                }

                Assert.Equal(GroupPhase.Empty, test.Group.Phase);
                Assert.All(joins, join => Assert.True(join.IsCompleted));
                Assert.All(syncs, sync => Assert.True(sync.IsCompleted));
            },
            iter: 2_000, threads: 1);
    }

    private static void Do(GroupUnderTest test, int what, JoinResult? member, List<Task<JoinResult>> joins, List<Task<SyncResult>> syncs)
    {
        switch (what)
        {
            case 0:
                joins.Add(test.Join());
                break;
            case 1:
                joins.Add(test.Join(instance: $"i{test.Now % 3}"));
                break;
            case 2 when member is not null:
                joins.Add(test.Join(member.MemberId, says: $"{test.Now % 2}"));
                break;
            case 3 or 4 when member is not null:
                syncs.Add(test.Sync(member));
                break;
            case 5 when member is not null:
                test.Group.Leave(new MemberIdentity(member.MemberId, null), test.Now);
                break;
            case 6:
                test.Save(isDurable: test.Now % 5 != 0);
                break;
            case 7 when member is not null:
                test.Beat(member);
                break;
            default:
                test.Pass(1.7);
                break;
        }
    }

    private static void Check(Group group, ref int generation)
    {
        Assert.True(group.Generation >= generation);
        generation = group.Generation;
        Assert.Equal(group.Members.Count == 0, group.Members.Leader is null);
        Assert.True(group.Members.Leader is not { } leader || group.Members.All.Contains(leader));
        Assert.Equal(group.Members.All.Count, group.Members.All.Select(m => m.Id).Distinct().Count());
        Assert.True(group.Phase == GroupPhase.PreparingRebalance || group.Members.All.All(m => m.Joining is null));
        Assert.True(group.Phase == GroupPhase.CompletingRebalance || group.Members.All.All(m => m.Syncing is null));
        Assert.True(group.Phase != GroupPhase.Empty || group.Members.Count == 0);
    }
}
