namespace TattleTail.Spew.Protocol.Messages;

internal struct ListOffsetsResponse : IWire
{
    public int ThrottleTimeMs;
    public ListOffsetsTopicResponse[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 2)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct ListOffsetsTopicResponse : IWire
{
    public string Name;
    public ListOffsetsPartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct ListOffsetsPartitionResponse : IWire
{
    public int PartitionIndex;
    public short ErrorCode;
    public long Timestamp;
    public long Offset;
    public int LeaderEpoch;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int16(ref ErrorCode);
        io.Int64(ref Timestamp);
        io.Int64(ref Offset);
        if (io.Version >= 4)
        {
            io.Int32(ref LeaderEpoch);
        }

        io.Tags();
    }
}
