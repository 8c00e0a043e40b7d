namespace TattleTail.Spew.Protocol.Messages;

internal struct LeaveGroupResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public LeaveGroupMemberResponse[] Members;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Int16(ref ErrorCode);
        if (io.Version >= 3)
        {
            io.Array(ref Members);
        }

        io.Tags();
    }
}

internal struct LeaveGroupMemberResponse : IWire
{
    public string MemberId;
    public string? GroupInstanceId;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref MemberId);
        io.NullableString(ref GroupInstanceId);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
