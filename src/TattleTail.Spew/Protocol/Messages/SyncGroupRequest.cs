namespace TattleTail.Spew.Protocol.Messages;

internal struct SyncGroupRequest : IWire
{
    public string GroupId;
    public int GenerationId;
    public string MemberId;
    public string? GroupInstanceId;
    public string? ProtocolType;
    public string? ProtocolName;

    /// <summary>From the leader alone; empty from the others.</summary>
    public SyncGroupAssignment[] Assignments;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Int32(ref GenerationId);
        io.String(ref MemberId);
        if (io.Version >= 3)
        {
            io.NullableString(ref GroupInstanceId);
        }

        if (io.Version >= 5)
        {
            io.NullableString(ref ProtocolType);
            io.NullableString(ref ProtocolName);
        }

        io.Array(ref Assignments);
        io.Tags();
    }
}

internal struct SyncGroupAssignment : IWire
{
    public string MemberId;
    public ReadOnlyMemory<byte> Assignment;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref MemberId);
        io.Bytes(ref Assignment);
        io.Tags();
    }
}
