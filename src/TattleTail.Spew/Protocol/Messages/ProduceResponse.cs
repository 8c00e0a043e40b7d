namespace TattleTail.Spew.Protocol.Messages;

internal struct ProduceResponse : IWire
{
    public ProduceTopicResponse[] Responses;
    public int ThrottleTimeMs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Responses);
        io.Int32(ref ThrottleTimeMs);
        io.Tags();
    }
}

internal struct ProduceTopicResponse : IWire
{
    public string Name;
    public ProducePartitionResponse[] PartitionResponses;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref PartitionResponses);
        io.Tags();
    }
}

internal struct ProducePartitionResponse : IWire
{
    public int Index;
    public short ErrorCode;
    public long BaseOffset;
    public long LogAppendTimeMs;
    public long LogStartOffset;
    public ProduceRecordError[] RecordErrors;
    public string? ErrorMessage;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref Index);
        io.Int16(ref ErrorCode);
        io.Int64(ref BaseOffset);
        io.Int64(ref LogAppendTimeMs);
        if (io.Version >= 5)
        {
            io.Int64(ref LogStartOffset);
        }

        if (io.Version >= 8)
        {
            io.Array(ref RecordErrors);
            io.NullableString(ref ErrorMessage);
        }

        io.Tags();
    }
}

internal struct ProduceRecordError : IWire
{
    public int BatchIndex;
    public string? BatchIndexErrorMessage;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref BatchIndex);
        io.NullableString(ref BatchIndexErrorMessage);
        io.Tags();
    }
}
