namespace TattleTail.Spew.Protocol.Messages;

internal struct JoinGroupResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;

    /// <summary>-1 beside an error.</summary>
    public int GenerationId;
    public string? ProtocolType;

    /// <summary>Null beside an error.</summary>
    public string? ProtocolName;
    public string Leader;
    public bool SkipAssignment;
    public string MemberId;

    /// <summary>For the leader alone; empty for the others.</summary>
    public JoinGroupMember[] Members;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 2)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Int16(ref ErrorCode);
        io.Int32(ref GenerationId);
        if (io.Version >= 7)
        {
            io.NullableString(ref ProtocolType);
            io.NullableString(ref ProtocolName);
        }
        else
        {
            ProtocolName ??= "";
            io.String(ref ProtocolName);
        }

        io.String(ref Leader);
        if (io.Version >= 9)
        {
            io.Bool(ref SkipAssignment);
        }

        io.String(ref MemberId);
        io.Array(ref Members);
        io.Tags();
    }
}

internal struct JoinGroupMember : IWire
{
    public string MemberId;
    public string? GroupInstanceId;

    /// <summary>What the member said for the chosen protocol.</summary>
    public ReadOnlyMemory<byte> Metadata;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref MemberId);
        if (io.Version >= 5)
        {
            io.NullableString(ref GroupInstanceId);
        }

        io.Bytes(ref Metadata);
        io.Tags();
    }
}
