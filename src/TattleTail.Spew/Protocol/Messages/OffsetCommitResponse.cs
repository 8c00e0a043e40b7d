namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetCommitResponse : IWire
{
    public int ThrottleTimeMs;
    public OffsetCommitTopicResponse[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 3)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct OffsetCommitTopicResponse : IWire
{
    public string Name;
    public OffsetCommitPartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct OffsetCommitPartitionResponse : IWire
{
    public int PartitionIndex;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
