namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetForLeaderEpochRequest : IWire
{
    /// <summary>-1: a consumer, -2: a client that may see beyond the high watermark.</summary>
    public int ReplicaId;
    public OffsetForLeaderEpochTopic[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 3)
        {
            io.Int32(ref ReplicaId);
        }
        else
        {
            ReplicaId = -2;
        }

        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct OffsetForLeaderEpochTopic : IWire
{
    public string Topic;
    public OffsetForLeaderEpochPartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Topic);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct OffsetForLeaderEpochPartition : IWire
{
    public int Partition;

    /// <summary>-1: the client does not know.</summary>
    public int CurrentLeaderEpoch;

    /// <summary>Whose end is asked for.</summary>
    public int LeaderEpoch;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref Partition);
        io.Int32(ref CurrentLeaderEpoch);
        io.Int32(ref LeaderEpoch);
        io.Tags();
    }
}
