namespace TattleTail.Spew.Protocol.Messages;

internal struct CreateTopicsRequest : IWire
{
    public CreatableTopic[] Topics;
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

internal struct CreatableTopic : IWire
{
    public string Name;

    /// <summary>-1: the default, or as <see cref="Assignments"/> say.</summary>
    public int NumPartitions;

    /// <summary>-1: the default, or as <see cref="Assignments"/> say.</summary>
    public short ReplicationFactor;
    public CreatableReplicaAssignment[] Assignments;
    public ConfigSetting[] Configs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Int32(ref NumPartitions);
        io.Int16(ref ReplicationFactor);
        io.Array(ref Assignments);
        io.Array(ref Configs);
        io.Tags();
    }
}

internal struct CreatableReplicaAssignment : IWire
{
    public int PartitionIndex;
    public int[] BrokerIds;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int32s(ref BrokerIds);
        io.Tags();
    }
}
