using System.Buffers.Binary;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Groups;

/// <summary>What outlives a restart of a group. Layout, in the primitives of the Kafka protocol without compact lengths: docs/formats/state.md, "Membership".</summary>
internal struct StoredMembership : IWire
{
    /// <summary>The version that is written.</summary>
    public const short LastVersion = 1;

    /// <summary>When the last member went, ms since 1970; of no meaning while there are members.</summary>
    public long EmptySince;
    public int Generation;
    public string ProtocolType;
    public string? Protocol;
    public string? Leader;
    public StoredMember[] Members;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int64(ref EmptySince);
        io.Int32(ref Generation);
        io.String(ref ProtocolType);
        io.NullableString(ref Protocol);
        io.NullableString(ref Leader);
        io.Array(ref Members);
    }

    public static StoredMembership Of(Group group) => new()
    {
        Generation = group.Generation,
        ProtocolType = group.ProtocolType ?? "",
        Protocol = group.Protocol,
        Leader = group.Members.Leader?.Id,
        Members = [.. group.Members.All.Select(m => StoredMember.Of(m, group.Protocol))],
    };

    /// <summary>Version int16, then the fields.</summary>
    public ReadOnlyMemory<byte> Encode()
    {
        using var frame = new ResponseFrame();
        BinaryPrimitives.WriteInt16BigEndian(frame.GetSpan(2), LastVersion);
        frame.Advance(2);
        var writer = new WireWriter(frame, LastVersion, flexible: false);
        Transfer(ref writer);
        return frame.Written.ToArray();
    }

    /// <summary>Reads what was kept. <see cref="InvalidDataException"/> when a newer version wrote it.</summary>
    public static StoredMembership Decode(ReadOnlyMemory<byte> bytes)
    {
        short version = bytes.Length < 2 ? (short)0 : BinaryPrimitives.ReadInt16BigEndian(bytes.Span);
        if (version != LastVersion)
        {
            throw new InvalidDataException($"the journal keeps a consumer group in version {version} that this version does not know: open it with the version that wrote it, or a newer one");
        }

        StoredMembership stored = default;
        var reader = new WireReader(bytes[2..].ToArray(), version, false);
        stored.Transfer(ref reader);
        return stored;
    }
}

/// <summary>A member; of its protocols the one of the generation.</summary>
internal struct StoredMember : IWire
{
    public string Id;
    public string? InstanceId;
    public string ClientId;
    public string ClientHost;
    public int SessionTimeoutMs;
    public int RebalanceTimeoutMs;
    public ReadOnlyMemory<byte> Metadata;
    public ReadOnlyMemory<byte> Assignment;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Id);
        io.NullableString(ref InstanceId);
        io.String(ref ClientId);
        io.String(ref ClientHost);
        io.Int32(ref SessionTimeoutMs);
        io.Int32(ref RebalanceTimeoutMs);
        io.Bytes(ref Metadata);
        io.Bytes(ref Assignment);
    }

    public static StoredMember Of(GroupMember member, string? protocol) => new()
    {
        Id = member.Id,
        InstanceId = member.InstanceId,
        ClientId = member.ClientId,
        ClientHost = member.ClientHost,
        SessionTimeoutMs = (int)member.SessionTimeout.TotalMilliseconds,
        RebalanceTimeoutMs = (int)member.RebalanceTimeout.TotalMilliseconds,
        Metadata = member.Metadata(protocol),
        Assignment = member.Assignment,
    };

    public readonly GroupMember ToMember(string protocol)
    {
        var member = new GroupMember(Id, InstanceId);
        member.Update(new JoinRequest(
            default, ClientId, ClientHost, TimeSpan.FromMilliseconds(SessionTimeoutMs), TimeSpan.FromMilliseconds(RebalanceTimeoutMs), "", [new MemberProtocol(protocol, Metadata)], false, false));
        member.Assignment = Assignment;
        return member;
    }
}
