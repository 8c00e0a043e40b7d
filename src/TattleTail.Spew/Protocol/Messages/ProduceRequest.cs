namespace TattleTail.Spew.Protocol.Messages;

internal struct ProduceRequest : IWire
{
    public string? TransactionalId;
    public short Acks;
    public int TimeoutMs;
    public ProduceTopic[] TopicData;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.NullableString(ref TransactionalId);
        io.Int16(ref Acks);
        io.Int32(ref TimeoutMs);
        io.Array(ref TopicData);
        io.Tags();
    }
}

internal struct ProduceTopic : IWire
{
    public string Name;
    public ProducePartition[] PartitionData;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref PartitionData);
        io.Tags();
    }
}

internal struct ProducePartition : IWire
{
    public int Index;

    /// <summary>A slice of the request's frame.</summary>
    public Memory<byte>? Records;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref Index);
        io.Records(ref Records);
        io.Tags();
    }
}
