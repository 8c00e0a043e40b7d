namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteRecordsResponse : IWire
{
    public int ThrottleTimeMs;
    public DeleteRecordsTopicResponse[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct DeleteRecordsTopicResponse : IWire
{
    public string Name;
    public DeleteRecordsPartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct DeleteRecordsPartitionResponse : IWire
{
    public int PartitionIndex;

    /// <summary>The first offset that is left; -1 beside an error.</summary>
    public long LowWatermark;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int64(ref LowWatermark);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
