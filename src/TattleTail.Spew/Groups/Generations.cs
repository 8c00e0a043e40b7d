using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>
/// How the generations of a group follow each other: all join, one of them assigns, all work. Answers what members wait for. Guarded by the group's lock.
/// </summary>
internal sealed class Generations(GroupMembers members, HandedOutIds handedOut, GroupOptions options)
{
    private readonly JoinWindow _joins = new(options.InitialRebalanceDelay);
    private long _syncUntil = long.MaxValue;
    private bool _isUnsaved;

    public GroupPhase Phase { get; private set; } = GroupPhase.Empty;

    /// <summary>The generation of now; 0 before the first.</summary>
    public int Number { get; private set; }

    /// <summary>What kind of group it is; null when it has only commits.</summary>
    public string? ProtocolType { get; private set; }

    /// <summary>The assignment protocol of this generation.</summary>
    public string? Protocol { get; private set; }

    /// <summary>When <see cref="Tick"/> has something to do at the latest; <see cref="long.MaxValue"/>: never.</summary>
    public long NextDeadline => Math.Min(_joins.Until, _syncUntil);

    /// <summary>Takes somebody in who was no member. The task ends with the generation.</summary>
    public Task<JoinResult> Add(GroupMember member, string protocolType, long now)
    {
        if (members.Count == 0)
        {
            ProtocolType = protocolType;
        }

        members.Add(member);
        _joins.NoteNewMember();
        return Join(member, now);
    }

    /// <summary>A member joins the next generation, with which the task ends.</summary>
    public Task<JoinResult> Join(GroupMember member, long now)
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

    /// <summary>Lets a member go, and the others share what it had.</summary>
    public void Remove(GroupMember member, long now)
    {
        members.Remove(member);
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

    /// <summary>Begins the next generation if nobody is waited for any more.</summary>
    public void CompleteJoinIfAll(long now)
    {
        if (Phase == GroupPhase.PreparingRebalance && !_joins.IsFirst && handedOut.Count == 0 && members.All.All(m => m.Joining is not null))
        {
            Begin(now);
        }
    }

    /// <summary>The leader assigns. The members get it when it is saved.</summary>
    public void Assign(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> assignments)
    {
        foreach (GroupMember each in members.All)
        {
            each.Assignment = assignments.GetValueOrDefault(each.Id);
        }

        MustBeSaved();
    }

    /// <summary>The answer to a member that has joined this generation.</summary>
    public JoinResult ResultFor(GroupMember member) => new(ErrorCode.None, member.Id, Number, ProtocolType, Protocol, members.Leader!.Id)
    {
        Members = ReferenceEquals(member, members.Leader) ? [.. members.All.Select(m => new JoinedMember(m.Id, m.InstanceId, m.Metadata(Protocol)))] : [],
    };

    /// <summary>Something changed that must outlive a restart.</summary>
    public void MustBeSaved() => _isUnsaved = true;

    /// <summary>Whether something must be saved now; <see cref="Saved"/> tells how it went.</summary>
    public bool TakeUnsaved()
    {
        bool isUnsaved = _isUnsaved;
        _isUnsaved = false;
        return isUnsaved;
    }

    /// <summary>A generation is durable, or could not be made so: then its members are to join again.</summary>
    public void Saved(int generation, bool isDurable, long now)
    {
        if (Phase != GroupPhase.CompletingRebalance || Number != generation)
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

    /// <summary>Does what is due.</summary>
    public void Tick(long now)
    {
        if (_syncUntil <= now)
        {
            _syncUntil = long.MaxValue;
            foreach (GroupMember member in members.All.Where(m => m.OwesSync).ToList())
            {
                Remove(member, now);
            }
        }

        CompleteJoinIfAll(now);
        if (_joins.Until <= now)
        {
            EndJoinOrWaitOn(now);
        }
    }

    /// <summary>Goes on with what was kept, after its members were added.</summary>
    public void Restore(StoredMembership stored)
    {
        Number = stored.Generation;
        ProtocolType = stored.ProtocolType.Length > 0 ? stored.ProtocolType : null;
        Protocol = stored.Protocol;
        Phase = members.Count > 0 ? GroupPhase.Stable : GroupPhase.Empty;
    }

    /// <summary>Ends the group, which has no members.</summary>
    public void End() => Phase = GroupPhase.Dead;

    /// <summary>Takes the end back.</summary>
    public GroupPhase Revive() => Phase = GroupPhase.Empty;

    /// <summary>Asks everybody to join again.</summary>
    private void Rebalance(long now)
    {
        if (Phase == GroupPhase.CompletingRebalance)
        {
            DropAssignments(now);
        }

        _joins.Open(isFirst: Phase == GroupPhase.Empty, members.RebalanceTimeout, now);
        Phase = GroupPhase.PreparingRebalance;
        _syncUntil = long.MaxValue;
        CompleteJoinIfAll(now);
        if (_joins.IsFirst && _joins.Until <= now)
        {
            EndJoinOrWaitOn(now);
        }
    }

    /// <summary>The time to join is over, unless it goes on.</summary>
    private void EndJoinOrWaitOn(long now)
    {
        if (_joins.TryProlong(now))
        {
            return;
        }

        foreach (GroupMember late in members.All.Where(m => m is { Joining: null, InstanceId: null }).ToList())
        {
            members.Remove(late);
            late.Fail(ErrorCode.UnknownMemberId);
        }

        if (members.Count > 0 && !members.ElectJoinedLeader())
        {
            // Only static members, and none is back yet: their sessions decide.
            _joins.WaitOn(members.RebalanceTimeout, now);
            return;
        }

        Begin(now);
    }

    private void Begin(long now)
    {
        members.ElectJoinedLeader();
        Number++;
        _joins.Close();
        Protocol = members.ChooseProtocol();
        Phase = members.Count == 0 ? GroupPhase.Empty : GroupPhase.CompletingRebalance;
        _syncUntil = members.Count == 0 ? long.MaxValue : now.Plus(members.RebalanceTimeout);
        _isUnsaved = members.Count == 0;
        foreach (GroupMember member in members.All)
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

    private void DropAssignments(long now)
    {
        foreach (GroupMember member in members.All)
        {
            member.Assignment = default;
        }

        FinishSyncs(now, _ => SyncResult.Failed(ErrorCode.RebalanceInProgress));
    }

    private void FinishSyncs(long now, Func<GroupMember, SyncResult> result)
    {
        foreach (GroupMember member in members.All)
        {
            if (member.Syncing is not null)
            {
                member.Touch(now);
                member.FinishSync(result(member));
            }
        }
    }
}
