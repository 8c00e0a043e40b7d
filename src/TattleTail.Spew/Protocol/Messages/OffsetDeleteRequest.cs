namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetDeleteRequest : IWire
{
    public string GroupId;
    public OffsetDeleteTopic[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Array(ref Topics);
    }
}

internal struct OffsetDeleteTopic : IWire
{
    public string Name;
    public OffsetDeletePartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
    }
}

internal struct OffsetDeletePartition : IWire
{
    public int PartitionIndex;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
    }
}
