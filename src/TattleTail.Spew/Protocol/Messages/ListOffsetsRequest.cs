namespace TattleTail.Spew.Protocol.Messages;

internal struct ListOffsetsRequest : IWire
{
    public int ReplicaId;
    public sbyte IsolationLevel;
    public ListOffsetsTopic[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ReplicaId);
        if (io.Version >= 2)
        {
            io.Int8(ref IsolationLevel);
        }

        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct ListOffsetsTopic : IWire
{
    public string Name;
    public ListOffsetsPartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct ListOffsetsPartition : IWire
{
    public int PartitionIndex;

    /// <summary>-1: the client does not know.</summary>
    public int CurrentLeaderEpoch;

    /// <summary>Milliseconds since 1970, or one of the negative values of <c>ListOffsetsHandler</c>.</summary>
    public long Timestamp;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        if (io.Version >= 4)
        {
            io.Int32(ref CurrentLeaderEpoch);
        }
        else
        {
            CurrentLeaderEpoch = -1;
        }

        io.Int64(ref Timestamp);
        io.Tags();
    }
}
