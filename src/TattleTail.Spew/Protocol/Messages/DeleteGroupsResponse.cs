namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteGroupsResponse : IWire
{
    public int ThrottleTimeMs;
    public DeletableGroupResult[] Results;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Results);
        io.Tags();
    }
}

internal struct DeletableGroupResult : IWire
{
    public string GroupId;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
