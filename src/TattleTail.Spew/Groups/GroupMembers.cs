using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>Who is in a group, who leads it, and which protocol all speak. Guarded by the group's lock.</summary>
internal sealed class GroupMembers
{
    // In the order in which they came, so that the leader and the answers do not depend on chance.
    private readonly List<GroupMember> _members = [];
    private readonly Dictionary<string, GroupMember> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupMember> _byInstance = new(StringComparer.Ordinal);

    public IReadOnlyList<GroupMember> All => _members;

    public int Count => _members.Count;

    /// <summary>Who assigns; null when there are no members.</summary>
    public GroupMember? Leader { get; private set; }

    /// <summary>The longest time that a member may take to join again.</summary>
    public TimeSpan RebalanceTimeout => _members.Count == 0 ? TimeSpan.Zero : _members.Max(m => m.RebalanceTimeout);

    public long Bytes => _members.Sum(m => m.Bytes);

    public GroupMember? Find(string id) => _byId.GetValueOrDefault(id);

    public GroupMember? FindInstance(string? instanceId) => instanceId is null ? null : _byInstance.GetValueOrDefault(instanceId);

    /// <summary>Finds who speaks. A static member that was replaced is fenced off.</summary>
    public ErrorCode Identify(MemberIdentity identity, out GroupMember member)
    {
        GroupMember? found = identity.InstanceId is null ? Find(identity.MemberId) : FindInstance(identity.InstanceId);
        member = found!;
        if (found is null)
        {
            return ErrorCode.UnknownMemberId;
        }

        return found.Id == identity.MemberId ? ErrorCode.None : ErrorCode.FencedInstanceId;
    }

    public void Add(GroupMember member)
    {
        _members.Add(member);
        _byId.Add(member.Id, member);
        if (member.InstanceId is { } instance)
        {
            _byInstance.Add(instance, member);
        }

        Leader ??= member;
    }

    public void Remove(GroupMember member)
    {
        _members.Remove(member);
        _byId.Remove(member.Id);
        if (member.InstanceId is { } instance)
        {
            _byInstance.Remove(instance);
        }

        if (ReferenceEquals(Leader, member))
        {
            Leader = _members.Count > 0 ? _members[0] : null;
        }
    }

    /// <summary>Gives a member another id; it stays the leader if it was.</summary>
    public void Rename(GroupMember member, string id)
    {
        _byId.Remove(member.Id);
        member.Rename(id);
        _byId.Add(id, member);
    }

    /// <summary>Sees to it that the leader has joined. False when nobody has.</summary>
    public bool ElectJoinedLeader()
    {
        if (Leader?.Joining is null)
        {
            Leader = _members.Find(m => m.Joining is not null) ?? Leader;
        }

        return Leader?.Joining is not null;
    }

    /// <summary>Somebody who speaks these could be a member: all the others speak one of them.</summary>
    public bool HaveCommon(IReadOnlyList<MemberProtocol> protocols) => protocols.Any(p => _members.All(m => m.Protocols.Any(own => own.Name == p.Name)));

    /// <summary>The protocol that all speak and most like best; null without members.</summary>
    public string? ChooseProtocol()
    {
        if (_members.Count == 0)
        {
            return null;
        }

        var common = _members[0].Protocols.Select(p => p.Name).Where(name => _members.TrueForAll(m => m.Protocols.Any(p => p.Name == name))).ToList();
        return common.MaxBy(name => _members.Count(m => m.Protocols.First(p => common.Contains(p.Name)).Name == name));
    }
}
