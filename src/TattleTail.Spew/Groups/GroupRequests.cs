using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>An assignment protocol that a member speaks, and what it says in it.</summary>
internal readonly record struct MemberProtocol(string Name, ReadOnlyMemory<byte> Metadata);

/// <summary>Who speaks: a member id, empty before it has one, and the name that a static member keeps over restarts.</summary>
internal readonly record struct MemberIdentity(string MemberId, string? InstanceId);

/// <summary>A wish to be a member of the next generation.</summary>
/// <param name="Identity">Who.</param>
/// <param name="ClientId">The name that the client gives itself.</param>
/// <param name="ClientHost">Where it is, as Kafka shows it: <c>/10.0.0.7</c>.</param>
/// <param name="SessionTimeout">How long it may be silent.</param>
/// <param name="RebalanceTimeout">How long it may take to join again.</param>
/// <param name="ProtocolType"><c>consumer</c>, <c>connect</c> or any other; the same for all members.</param>
/// <param name="Protocols">What it speaks, the best first.</param>
/// <param name="NeedsKnownId">A first join only hands out a member id (JoinGroup 4 and later).</param>
/// <param name="KnowsSkippedAssignment">Understands that a leader need not assign (JoinGroup 9).</param>
internal sealed record JoinRequest(
    MemberIdentity Identity, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout, string ProtocolType, MemberProtocol[] Protocols,
    bool NeedsKnownId, bool KnowsSkippedAssignment);

/// <summary>The answer to a join.</summary>
internal sealed record JoinResult(ErrorCode Error, string MemberId, int Generation = -1, string? ProtocolType = null, string? Protocol = null, string Leader = "")
{
    /// <summary>For the leader: all members and what they say in the chosen protocol.</summary>
    public IReadOnlyList<JoinedMember> Members { get; init; } = [];

    /// <summary>The leader is to assign nothing: the assignment of before holds.</summary>
    public bool SkipAssignment { get; init; }
}

/// <summary>A member as the leader sees it.</summary>
internal readonly record struct JoinedMember(string MemberId, string? InstanceId, ReadOnlyMemory<byte> Metadata);

/// <summary>A request for the member's assignment; the leader's carries everybody's.</summary>
internal sealed record SyncRequest(MemberIdentity Identity, int Generation, string? ProtocolType, string? Protocol, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Assignments);

/// <summary>The answer to a sync.</summary>
internal sealed record SyncResult(ErrorCode Error, string? ProtocolType, string? Protocol, ReadOnlyMemory<byte> Assignment)
{
    public static SyncResult Failed(ErrorCode error) => new(error, null, null, default);
}
