namespace TattleTail.Spew.Protocol.Messages;

internal struct JoinGroupRequest : IWire
{
    public string GroupId;
    public int SessionTimeoutMs;

    /// <summary>-1, from version 0 alone: the session timeout is meant.</summary>
    public int RebalanceTimeoutMs;

    /// <summary>Empty: the client has no id yet.</summary>
    public string MemberId;
    public string? GroupInstanceId;
    public string ProtocolType;

    /// <summary>The one that the client prefers comes first.</summary>
    public JoinGroupProtocol[] Protocols;
    public string? Reason;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Int32(ref SessionTimeoutMs);
        if (io.Version >= 1)
        {
            io.Int32(ref RebalanceTimeoutMs);
        }
        else
        {
            RebalanceTimeoutMs = -1;
        }

        io.String(ref MemberId);
        if (io.Version >= 5)
        {
            io.NullableString(ref GroupInstanceId);
        }

        io.String(ref ProtocolType);
        io.Array(ref Protocols);
        if (io.Version >= 8)
        {
            io.NullableString(ref Reason);
        }

        io.Tags();
    }
}

internal struct JoinGroupProtocol : IWire
{
    public string Name;
    public ReadOnlyMemory<byte> Metadata;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Bytes(ref Metadata);
        io.Tags();
    }
}
