using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>
/// The life of one consumer group of the classic protocol: members join, one of them assigns, all work until somebody comes, goes or falls silent. Knows no I/O and no clock: it is told
/// the time (ms, rising) and tells when it wants to be woken (<see cref="NextDeadline"/>). Not for concurrent use: callers hold <see cref="Gate"/>.
/// </summary>
/// <remarks>Behaviour: Apache Kafka's group coordinator for the classic protocol (KIP-62, KIP-345, KIP-394, KIP-814).</remarks>
internal sealed class Group(string name, GroupOptions options)
{
    // Ids handed out to clients that have not joined with them yet, and when that ends.
    private readonly Dictionary<string, long> _pending = new(StringComparer.Ordinal);
    private long _joinUntil = long.MaxValue;
    private long _joinAtLatest = long.MaxValue;
    private long _syncUntil = long.MaxValue;
    private bool _isFirstJoin;
    private bool _someoneCame;
    private bool _isUnsaved;

    public Lock Gate { get; } = new();

    public string Name => name;

    public GroupPhase Phase { get; private set; } = GroupPhase.Empty;

    public int Generation { get; private set; }

    /// <summary>What kind of group it is; null when it has only commits.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>The assignment protocol of this generation.</summary>
    public string? Protocol { get; private set; }

    public GroupMembers Members { get; } = new();

    /// <summary>When <see cref="Tick"/> has something to do at the latest, as far as is known; <see cref="long.MaxValue"/>: never.</summary>
    public long NextDeadline
    {
        get
        {
            long next = Math.Min(_joinUntil, _syncUntil);
            foreach (long until in _pending.Values)
            {
                next = Math.Min(next, until);
            }

            foreach (GroupMember member in Members.All)
            {
                next = member.Joining is null && member.Syncing is null ? Math.Min(next, member.Deadline) : next;
            }

            return next;
        }
    }

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

        if (_pending.Remove(request.Identity.MemberId))
        {
            return Add(request, request.Identity.MemberId, now);
        }

        error = Identify(request.Identity, out GroupMember member);
        return error != ErrorCode.None ? Refused(error, request.Identity.MemberId) : Rejoin(member, request, now);
    }

    /// <summary>A member asks for its assignment. When the leader does, the others get theirs as soon as it is saved (<see cref="TakeUnsaved"/>, <see cref="Saved"/>).</summary>
    public Task<SyncResult> Sync(SyncRequest request, long now)
    {
        ErrorCode error = CheckSync(request, out GroupMember member);
        if (error != ErrorCode.None)
        {
            return Task.FromResult(SyncResult.Failed(error));
        }

        member.OwesSync = false;
        member.Touch(now);
        if (Phase == GroupPhase.Stable)
        {
            return Task.FromResult(new SyncResult(ErrorCode.None, ProtocolType, Protocol, member.Assignment));
        }

        Task<SyncResult> answer = member.AwaitAssignment();
        if (ReferenceEquals(member, Members.Leader))
        {
            foreach (GroupMember each in Members.All)
            {
                each.Assignment = request.Assignments.GetValueOrDefault(each.Id);
            }

            _isUnsaved = true;
        }

        return answer;
    }

    /// <summary>What must be saved now, if anything; <see cref="Saved"/> tells how it went.</summary>
    public StoredMembership? TakeUnsaved()
    {
        StoredMembership? unsaved = _isUnsaved ? StoredMembership.Of(this) : null;
        _isUnsaved = false;
        return unsaved;
    }

    /// <summary>A generation is durable, or could not be made so: then its members are to join again.</summary>
    public void Saved(int generation, bool isDurable, long now)
    {
        if (Phase != GroupPhase.CompletingRebalance || Generation != generation)
        {
            return;
        }

        if (isDurable)
        {
            Phase = GroupPhase.Stable;
            FinishSyncs(now, member => new SyncResult(ErrorCode.None, ProtocolType, Protocol, member.Assignment));
        }
        else
        {
            FinishSyncs(now, _ => SyncResult.Failed(ErrorCode.CoordinatorNotAvailable));
            Rebalance(now);
        }
    }

    /// <summary>A member says that it is there; the answer says whether it should join again.</summary>
    public ErrorCode Heartbeat(MemberIdentity identity, int generation, long now)
    {
        ErrorCode error = Identify(identity, out GroupMember member);
        if (error == ErrorCode.None && generation != Generation)
        {
            error = ErrorCode.IllegalGeneration;
        }

        if (error == ErrorCode.None)
        {
            member.Touch(now);
            error = Phase == GroupPhase.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
        }

        return error;
    }

    /// <summary>A member leaves; the others share what it had.</summary>
    public ErrorCode Leave(MemberIdentity identity, long now)
    {
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (identity.MemberId.Length > 0 && _pending.Remove(identity.MemberId))
        {
            CompleteJoinIfAll(now);
            return ErrorCode.None;
        }

        GroupMember? named = identity.MemberId.Length == 0 ? Members.FindInstance(identity.InstanceId) : null;
        ErrorCode error = ErrorCode.None;
        if (named is null)
        {
            error = Identify(identity, out named);
        }

        if (error == ErrorCode.None)
        {
            Remove(named, now);
        }

        return error;
    }

    /// <summary>Whether a member of this generation, or a consumer without a group, may commit. A commit counts as a sign of life.</summary>
    public ErrorCode CheckCommit(MemberIdentity identity, int generation, long now)
    {
        if (generation < 0 && Phase == GroupPhase.Empty)
        {
            return ErrorCode.None;
        }

        if (generation < 0 && identity is { MemberId: "", InstanceId: null })
        {
            return ErrorCode.UnknownMemberId;
        }

        ErrorCode error = Identify(identity, out GroupMember member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if (Phase == GroupPhase.CompletingRebalance)
        {
            return ErrorCode.RebalanceInProgress;
        }

        member.Touch(now);
        return ErrorCode.None;
    }

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        foreach (string id in _pending.Where(p => p.Value <= now).Select(p => p.Key).ToList())
        {
            _pending.Remove(id);
        }

        foreach (GroupMember member in Members.All.Where(m => m.IsSilent(now)).ToList())
        {
            Remove(member, now);
        }

        if (_syncUntil <= now)
        {
            _syncUntil = long.MaxValue;
            foreach (GroupMember member in Members.All.Where(m => m.OwesSync).ToList())
            {
                Remove(member, now);
            }
        }

        CompleteJoinIfAll(now);
        if (_joinUntil <= now)
        {
            EndJoinOrWaitOn(now);
        }
    }

    /// <summary>Ends the group. False when it has members and must go on.</summary>
    public bool TryDelete()
    {
        if (HasMembers)
        {
            return false;
        }

        Phase = GroupPhase.Dead;
        return true;
    }

    /// <summary>Takes the end back, because it could not be made durable.</summary>
    public GroupPhase Revive() => Phase = GroupPhase.Empty;

    /// <summary>Somebody is a member, or about to be.</summary>
    public bool HasMembers => Members.Count > 0 || _pending.Count > 0;

    /// <summary>Nobody ever was a member, and nobody is about to be.</summary>
    public bool IsUnused => Generation == 0 && !HasMembers;

    /// <summary>Goes on with what was kept.</summary>
    public void Restore(StoredMembership stored, long now)
    {
        Generation = stored.Generation;
        ProtocolType = stored.ProtocolType.Length > 0 ? stored.ProtocolType : null;
        Protocol = stored.Protocol;
        foreach (StoredMember kept in stored.Members.OrderByDescending(m => m.Id == stored.Leader))
        {
            GroupMember member = kept.ToMember(stored.Protocol ?? "");
            Members.Add(member);
            member.Touch(now);
        }

        Phase = Members.Count > 0 ? GroupPhase.Stable : GroupPhase.Empty;
    }

    private static Task<JoinResult> Refused(ErrorCode error, string memberId) => Task.FromResult(new JoinResult(error, memberId));

    private ErrorCode CheckJoin(JoinRequest request)
    {
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        bool isKnown = Members.Find(request.Identity.MemberId) is not null || Members.FindInstance(request.Identity.InstanceId) is not null || _pending.ContainsKey(request.Identity.MemberId);
        if (!isKnown && Members.Count + _pending.Count >= options.MaxMembers)
        {
            return ErrorCode.GroupMaxSizeReached;
        }

        bool fits = request.ProtocolType.Length > 0 && request.Protocols.Length > 0
            && (Members.Count == 0 || (request.ProtocolType == ProtocolType && Members.HaveCommon(request.Protocols)));
        return fits ? ErrorCode.None : ErrorCode.InconsistentGroupProtocol;
    }

    private Task<JoinResult> JoinFirst(JoinRequest request, string freshId, long now)
    {
        if (Members.FindInstance(request.Identity.InstanceId) is { } restarted)
        {
            return Replace(restarted, request, freshId, now);
        }

        if (request.NeedsKnownId && request.Identity.InstanceId is null)
        {
            _pending[freshId] = now + (long)request.SessionTimeout.TotalMilliseconds;
            return Refused(ErrorCode.MemberIdRequired, freshId);
        }

        return Add(request, freshId, now);
    }

    private Task<JoinResult> Add(JoinRequest request, string id, long now)
    {
        var member = new GroupMember(id, request.Identity.InstanceId);
        member.Update(request);
        if (Members.Count == 0)
        {
            ProtocolType = request.ProtocolType;
        }

        Members.Add(member);
        _someoneCame = true;
        return JoinNext(member, now);
    }

    private Task<JoinResult> Rejoin(GroupMember member, JoinRequest request, long now)
    {
        member.Touch(now);
        // The leader joins again when it wants to assign anew: because of a subscription, or of new partitions.
        bool isOver = Phase == GroupPhase.PreparingRebalance || !member.Speaks(request.Protocols) || (Phase == GroupPhase.Stable && ReferenceEquals(member, Members.Leader));
        if (!isOver)
        {
            return Task.FromResult(ResultFor(member));
        }

        member.Update(request);
        return JoinNext(member, now);
    }

    /// <summary>A static member came back under its old name: it goes on with its assignment, and nobody else notices, unless it now says something else.</summary>
    private Task<JoinResult> Replace(GroupMember member, JoinRequest request, string freshId, long now)
    {
        string leaderBefore = Members.Leader!.Id;
        bool saysTheSame = member.Metadata(Protocol).Span.SequenceEqual(request.Protocols.FirstOrDefault(p => p.Name == Protocol).Metadata.Span);
        member.Fail(ErrorCode.FencedInstanceId);
        Members.Rename(member, freshId);
        member.Update(request);
        member.Touch(now);
        if (Phase != GroupPhase.Stable || !saysTheSame || Members.ChooseProtocol() != Protocol)
        {
            return JoinNext(member, now);
        }

        _isUnsaved = true;
        JoinResult result = ResultFor(member);
        bool isLeader = ReferenceEquals(member, Members.Leader);
        return Task.FromResult(request.KnowsSkippedAssignment ? result with { SkipAssignment = isLeader } : result with { Leader = leaderBefore, Members = [] });
    }

    private Task<JoinResult> JoinNext(GroupMember member, long now)
    {
        Task<JoinResult> answer = member.AwaitGeneration();
        if (Phase != GroupPhase.PreparingRebalance)
        {
            Rebalance(now);
        }
        else
        {
            CompleteJoinIfAll(now);
        }

        return answer;
    }

    /// <summary>Asks everybody to join again.</summary>
    private void Rebalance(long now)
    {
        if (Phase == GroupPhase.CompletingRebalance)
        {
            DropAssignments(now);
        }

        _isFirstJoin = Phase == GroupPhase.Empty;
        Phase = GroupPhase.PreparingRebalance;
        _syncUntil = long.MaxValue;
        _joinAtLatest = now + (long)Members.RebalanceTimeout.TotalMilliseconds;
        _joinUntil = _isFirstJoin ? Math.Min(_joinAtLatest, now + (long)options.InitialRebalanceDelay.TotalMilliseconds) : _joinAtLatest;
        _someoneCame = false;
        CompleteJoinIfAll(now);
        if (_isFirstJoin && _joinUntil <= now)
        {
            EndJoinOrWaitOn(now);
        }
    }

    private void CompleteJoinIfAll(long now)
    {
        if (Phase == GroupPhase.PreparingRebalance && !_isFirstJoin && _pending.Count == 0 && Members.All.All(m => m.Joining is not null))
        {
            BeginGeneration(now);
        }
    }

    /// <summary>The time to join is over. While a first generation forms and somebody still comes, it goes on, so that a start of many members is one rebalance.</summary>
    private void EndJoinOrWaitOn(long now)
    {
        if (_isFirstJoin && _someoneCame && _joinAtLatest > now)
        {
            _someoneCame = false;
            _joinUntil = Math.Min(_joinAtLatest, now + (long)options.InitialRebalanceDelay.TotalMilliseconds);
            return;
        }

        foreach (GroupMember late in Members.All.Where(m => m is { Joining: null, InstanceId: null }).ToList())
        {
            Members.Remove(late);
            late.Fail(ErrorCode.UnknownMemberId);
        }

        if (Members.Count > 0 && !Members.ElectJoinedLeader())
        {
            // Only static members, and none is back yet: their sessions decide.
            _joinUntil = now + (long)Members.RebalanceTimeout.TotalMilliseconds;
            return;
        }

        BeginGeneration(now);
    }

    private void BeginGeneration(long now)
    {
        Members.ElectJoinedLeader();
        Generation++;
        _joinUntil = long.MaxValue;
        Protocol = Members.ChooseProtocol();
        Phase = Members.Count == 0 ? GroupPhase.Empty : GroupPhase.CompletingRebalance;
        _syncUntil = Members.Count == 0 ? long.MaxValue : now + (long)Members.RebalanceTimeout.TotalMilliseconds;
        _isUnsaved = Members.Count == 0;
        foreach (GroupMember member in Members.All)
        {
            member.Assignment = default;
            if (member.Joining is not null)
            {
                member.OwesSync = true;
                member.Touch(now);
                member.FinishJoin(ResultFor(member));
            }
        }
    }

    private JoinResult ResultFor(GroupMember member) => new(ErrorCode.None, member.Id, Generation, ProtocolType, Protocol, Members.Leader!.Id)
    {
        Members = ReferenceEquals(member, Members.Leader) ? [.. Members.All.Select(m => new JoinedMember(m.Id, m.InstanceId, m.Metadata(Protocol)))] : [],
    };

    private ErrorCode CheckSync(SyncRequest request, out GroupMember member)
    {
        ErrorCode error = Identify(request.Identity, out member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (request.Generation != Generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        if ((request.ProtocolType ?? ProtocolType) != ProtocolType || (request.Protocol ?? Protocol) != Protocol)
        {
            return ErrorCode.InconsistentGroupProtocol;
        }

        return Phase == GroupPhase.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    private void DropAssignments(long now)
    {
        foreach (GroupMember member in Members.All)
        {
            member.Assignment = default;
        }

        FinishSyncs(now, _ => SyncResult.Failed(ErrorCode.RebalanceInProgress));
    }

    private void FinishSyncs(long now, Func<GroupMember, SyncResult> result)
    {
        foreach (GroupMember member in Members.All)
        {
            if (member.Syncing is not null)
            {
                member.Touch(now);
                member.FinishSync(result(member));
            }
        }
    }

    private void Remove(GroupMember member, long now)
    {
        Members.Remove(member);
        member.Fail(ErrorCode.UnknownMemberId);
        if (Phase is GroupPhase.Stable or GroupPhase.CompletingRebalance)
        {
            Rebalance(now);
        }
        else
        {
            CompleteJoinIfAll(now);
        }
    }

    /// <summary>Finds who speaks. A static member that was replaced is fenced off.</summary>
    private ErrorCode Identify(MemberIdentity identity, out GroupMember member)
    {
        GroupMember? found = identity.InstanceId is null ? Members.Find(identity.MemberId) : Members.FindInstance(identity.InstanceId);
        member = found!;
        if (Phase == GroupPhase.Dead)
        {
            return ErrorCode.CoordinatorNotAvailable;
        }

        if (found is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        return found.Id == identity.MemberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }
}
