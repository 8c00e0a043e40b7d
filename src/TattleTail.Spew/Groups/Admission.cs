using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>How somebody becomes a member of a group, stays one, or takes the place of a static member that restarted. Guarded by the group's lock.</summary>
internal sealed class Admission(GroupMembers members, HandedOutIds handedOut, Generations generations, int maxMembers)
{
    /// <summary>A member joins, for the first time or again. The task ends with the generation.</summary>
    /// <param name="request">Who and how.</param>
    /// <param name="freshId">The id that a new member gets.</param>
    /// <param name="now">The time.</param>
    public Task<JoinResult> Join(JoinRequest request, string freshId, long now)
    {
        ErrorCode error = CheckJoin(request);
        if (error != ErrorCode.None)
        {
            return Refused(error, request.Identity.MemberId);
        }

        if (request.Identity.MemberId.Length == 0)
        {
            return JoinFirst(request, freshId, now);
        }

        if (handedOut.Take(request.Identity.MemberId))
        {
            return Add(request, request.Identity.MemberId, now);
        }

        error = members.Identify(request.Identity, out GroupMember member);
        return error != ErrorCode.None ? Refused(error, request.Identity.MemberId) : Rejoin(member, request, now);
    }

    private static Task<JoinResult> Refused(ErrorCode error, string memberId) => Task.FromResult(new JoinResult(error, memberId));

    private ErrorCode CheckJoin(JoinRequest request)
    {
        if (generations.Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        bool isKnown = members.Find(request.Identity.MemberId) is not null || members.FindInstance(request.Identity.InstanceId) is not null || handedOut.Contains(request.Identity.MemberId);
        if (!isKnown && members.Count + handedOut.Count >= maxMembers)
        {
            return ErrorCode.GroupMaxSizeReached;
        }

        bool fits = request.ProtocolType.Length > 0 && request.Protocols.Length > 0
            && (members.Count == 0 || (request.ProtocolType == generations.ProtocolType && members.HaveCommon(request.Protocols)));
        return fits ? ErrorCode.None : ErrorCode.InconsistentGroupProtocol;
    }

    private Task<JoinResult> JoinFirst(JoinRequest request, string freshId, long now)
    {
        if (members.FindInstance(request.Identity.InstanceId) is { } restarted)
        {
            return Replace(restarted, request, freshId, now);
        }

        if (request.NeedsKnownId && request.Identity.InstanceId is null)
        {
            handedOut.Add(freshId, now.Plus(request.SessionTimeout));
            return Refused(ErrorCode.MemberIdRequired, freshId);
        }

        return Add(request, freshId, now);
    }

    private Task<JoinResult> Add(JoinRequest request, string id, long now)
    {
        var member = new GroupMember(id, request.Identity.InstanceId);
        member.Update(request);
        return generations.Add(member, request.ProtocolType, now);
    }

    private Task<JoinResult> Rejoin(GroupMember member, JoinRequest request, long now)
    {
        member.Touch(now);
        // The leader joins again when it wants to assign anew: because of a subscription, or of new partitions.
        bool isOver = generations.Phase == GroupPhase.PreparingRebalance || !member.Speaks(request.Protocols) || (generations.Phase == GroupPhase.Stable && ReferenceEquals(member, members.Leader));
        if (!isOver)
        {
            return Task.FromResult(generations.ResultFor(member));
        }

        member.Update(request);
        return generations.Join(member, now);
    }

    /// <summary>A static member came back under its old name: it goes on with its assignment, and nobody else notices, unless it now says something else.</summary>
    private Task<JoinResult> Replace(GroupMember member, JoinRequest request, string freshId, long now)
    {
        string leaderBefore = members.Leader!.Id;
        bool saysTheSame = member.Metadata(generations.Protocol).Span.SequenceEqual(request.Protocols.FirstOrDefault(p => p.Name == generations.Protocol).Metadata.Span);
        member.Fail(ErrorCode.FencedInstanceId);
        members.Rename(member, freshId);
        member.Update(request);
        member.Touch(now);
        if (generations.Phase != GroupPhase.Stable || !saysTheSame || members.ChooseProtocol() != generations.Protocol)
        {
            return generations.Join(member, now);
        }

        generations.MustBeSaved();
        JoinResult result = generations.ResultFor(member);
        bool isLeader = ReferenceEquals(member, members.Leader);
        return Task.FromResult(request.KnowsSkippedAssignment ? result with { SkipAssignment = isLeader } : result with { Leader = leaderBefore, Members = [] });
    }
}
