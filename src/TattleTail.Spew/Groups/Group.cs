using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>
/// The life of one consumer group of the classic protocol: members join, one of them assigns, all work until somebody comes, goes or falls silent. Knows no I/O and no clock: it is told
/// the time (ms, rising) and tells when it wants to be woken (<see cref="NextDeadline"/>). Not for concurrent use: callers hold <see cref="Gate"/>.
/// </summary>
/// <remarks>Behaviour: Apache Kafka's group coordinator for the classic protocol (KIP-62, KIP-345, KIP-394, KIP-814).</remarks>
internal sealed class Group
{
    private readonly HandedOutIds _handedOut = new();
    private readonly Generations _generations;
    private readonly Admission _admission;

    public Group(string name, GroupOptions options)
    {
        Name = name;
        _generations = new Generations(Members, _handedOut, options);
        _admission = new Admission(Members, _handedOut, _generations, options.MaxMembers);
    }

    public Lock Gate { get; } = new();

    public string Name { get; }

    public GroupPhase Phase => _generations.Phase;

    /// <inheritdoc cref="Generations.Number" />
    public int Generation => _generations.Number;

    /// <inheritdoc cref="Generations.ProtocolType" />
    public string? ProtocolType => _generations.ProtocolType;

    /// <inheritdoc cref="Generations.Protocol" />
    public string? Protocol => _generations.Protocol;

    public GroupMembers Members { get; } = new();

    /// <summary>When <see cref="Tick"/> has something to do at the latest, as far as is known; <see cref="long.MaxValue"/>: never.</summary>
    public long NextDeadline
    {
        get
        {
            long next = Math.Min(_generations.NextDeadline, _handedOut.NextDeadline);
            foreach (GroupMember member in Members.All)
            {
                next = member.Joining is null && member.Syncing is null ? Math.Min(next, member.Deadline) : next;
            }

            return next;
        }
    }

    /// <inheritdoc cref="Admission.Join" />
    public Task<JoinResult> Join(JoinRequest request, string freshId, long now) => _admission.Join(request, freshId, now);

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
            _generations.Assign(request.Assignments);
        }

        return answer;
    }

    /// <summary>What must be saved now, if anything; <see cref="Saved"/> tells how it went.</summary>
    public StoredMembership? TakeUnsaved() => _generations.TakeUnsaved() ? StoredMembership.Of(this) : null;

    /// <inheritdoc cref="Generations.Saved" />
    public void Saved(int generation, bool isDurable, long now) => _generations.Saved(generation, isDurable, now);

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

        if (identity.MemberId.Length > 0 && _handedOut.Take(identity.MemberId))
        {
            _generations.CompleteJoinIfAll(now);
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
            _generations.Remove(named, now);
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
        _handedOut.Expire(now);
        foreach (GroupMember member in Members.All.Where(m => m.IsSilent(now)).ToList())
        {
            _generations.Remove(member, now);
        }

        _generations.Tick(now);
    }

    /// <summary>Ends the group. False when it has members and must go on.</summary>
    public bool TryDelete()
    {
        if (HasMembers)
        {
            return false;
        }

        _generations.End();
        return true;
    }

    /// <summary>Takes the end back, because it could not be made durable.</summary>
    public GroupPhase Revive() => _generations.Revive();

    /// <summary>Somebody is a member, or about to be.</summary>
    public bool HasMembers => Members.Count > 0 || _handedOut.Count > 0;

    /// <summary>Nobody ever was a member, and nobody is about to be.</summary>
    public bool IsUnused => Generation == 0 && !HasMembers;

    /// <summary>Goes on with what was kept.</summary>
    public void Restore(StoredMembership stored, long now)
    {
        foreach (StoredMember kept in stored.Members.OrderByDescending(m => m.Id == stored.Leader))
        {
            GroupMember member = kept.ToMember(stored.Protocol ?? "");
            Members.Add(member);
            member.Touch(now);
        }

        _generations.Restore(stored);
    }

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

    private ErrorCode Identify(MemberIdentity identity, out GroupMember member)
    {
        ErrorCode error = Members.Identify(identity, out member);
        return Phase == GroupPhase.Dead ? ErrorCode.CoordinatorNotAvailable : error;
    }
}
