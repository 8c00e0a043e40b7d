namespace TattleTail.Spew.Protocol.Messages;

internal struct FetchResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public int SessionId;
    public FetchTopicResponse[] Responses;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        if (io.Version >= 7)
        {
            io.Int16(ref ErrorCode);
            io.Int32(ref SessionId);
        }

        io.Array(ref Responses);
        io.Tags();
    }
}

internal struct FetchTopicResponse : IWire
{
    public string Topic;
    public FetchPartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Topic);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct FetchPartitionResponse : IWire
{
    public int PartitionIndex;
    public short ErrorCode;
    public long HighWatermark;
    public long LastStableOffset;
    public long LogStartOffset;
    public AbortedTransaction[]? AbortedTransactions;
    public int PreferredReadReplica;
    public BatchRun Records;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int16(ref ErrorCode);
        io.Int64(ref HighWatermark);
        io.Int64(ref LastStableOffset);
        if (io.Version >= 5)
        {
            io.Int64(ref LogStartOffset);
        }

        io.NullableArray(ref AbortedTransactions);
        if (io.Version >= 11)
        {
            io.Int32(ref PreferredReadReplica);
        }

        io.Batches(ref Records);
        io.Tags();
    }
}

internal struct AbortedTransaction : IWire
{
    public long ProducerId;
    public long FirstOffset;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int64(ref ProducerId);
        io.Int64(ref FirstOffset);
        io.Tags();
    }
}
