namespace TattleTail.Spew.Protocol.Messages;

internal struct CreatePartitionsRequest : IWire
{
    public CreatePartitionsTopic[] Topics;
    public int TimeoutMs;
    public bool ValidateOnly;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Topics);
        io.Int32(ref TimeoutMs);
        io.Bool(ref ValidateOnly);
        io.Tags();
    }
}

internal struct CreatePartitionsTopic : IWire
{
    public string Name;

    /// <summary>Partitions in all, those that exist included.</summary>
    public int Count;

    /// <summary>One for each new partition; null: the node decides.</summary>
    public CreatePartitionsAssignment[]? Assignments;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Int32(ref Count);
        io.NullableArray(ref Assignments);
        io.Tags();
    }
}

internal struct CreatePartitionsAssignment : IWire
{
    public int[] BrokerIds;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32s(ref BrokerIds);
        io.Tags();
    }
}
