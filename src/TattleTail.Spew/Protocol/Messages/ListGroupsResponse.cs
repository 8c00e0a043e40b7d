namespace TattleTail.Spew.Protocol.Messages;

internal struct ListGroupsResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public ListedGroup[] Groups;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Int16(ref ErrorCode);
        io.Array(ref Groups);
        io.Tags();
    }
}

internal struct ListedGroup : IWire
{
    public string GroupId;
    public string ProtocolType;
    public string GroupState;
    public string GroupType;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.String(ref ProtocolType);
        if (io.Version >= 4)
        {
            io.String(ref GroupState);
        }

        if (io.Version >= 5)
        {
            io.String(ref GroupType);
        }

        io.Tags();
    }
}
