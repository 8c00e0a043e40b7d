namespace TattleTail.Spew.Protocol.Messages;

/// <summary>One member up to version 2, a list from version 3.</summary>
internal struct LeaveGroupRequest : IWire
{
    public string GroupId;
    public string MemberId;
    public LeaveGroupMember[] Members;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        if (io.Version >= 3)
        {
            io.Array(ref Members);
        }
        else
        {
            io.String(ref MemberId);
        }

        io.Tags();
    }
}

internal struct LeaveGroupMember : IWire
{
    /// <summary>Empty: <see cref="GroupInstanceId"/> says who.</summary>
    public string MemberId;
    public string? GroupInstanceId;
    public string? Reason;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref MemberId);
        io.NullableString(ref GroupInstanceId);
        if (io.Version >= 5)
        {
            io.NullableString(ref Reason);
        }

        io.Tags();
    }
}
