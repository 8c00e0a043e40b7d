namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteRecordsRequest : IWire
{
    public DeleteRecordsTopic[] Topics;
    public int TimeoutMs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Topics);
        io.Int32(ref TimeoutMs);
        io.Tags();
    }
}

internal struct DeleteRecordsTopic : IWire
{
    public string Name;
    public DeleteRecordsPartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct DeleteRecordsPartition : IWire
{
    public int PartitionIndex;

    /// <summary>The first to stay; -1: the high watermark, nothing stays.</summary>
    public long Offset;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int64(ref Offset);
        io.Tags();
    }
}
