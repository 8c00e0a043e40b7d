namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetDeleteResponse : IWire
{
    public short ErrorCode;
    public int ThrottleTimeMs;
    public OffsetDeleteTopicResponse[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Topics);
    }
}

internal struct OffsetDeleteTopicResponse : IWire
{
    public string Name;
    public OffsetDeletePartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
    }
}

internal struct OffsetDeletePartitionResponse : IWire
{
    public int PartitionIndex;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int16(ref ErrorCode);
    }
}
