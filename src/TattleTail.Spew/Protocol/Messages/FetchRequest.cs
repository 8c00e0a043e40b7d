namespace TattleTail.Spew.Protocol.Messages;

internal struct FetchRequest : IWire
{
    public int ReplicaId;
    public int MaxWaitMs;
    public int MinBytes;
    public int MaxBytes;
    public sbyte IsolationLevel;
    public int SessionId;
    public int SessionEpoch;
    public FetchTopic[] Topics;
    public ForgottenTopic[] ForgottenTopicsData;
    public string? RackId;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ReplicaId);
        io.Int32(ref MaxWaitMs);
        io.Int32(ref MinBytes);
        io.Int32(ref MaxBytes);
        io.Int8(ref IsolationLevel);
        if (io.Version >= 7)
        {
            io.Int32(ref SessionId);
            io.Int32(ref SessionEpoch);
        }
        else
        {
            SessionEpoch = -1;
        }

        io.Array(ref Topics);
        if (io.Version >= 7)
        {
            io.Array(ref ForgottenTopicsData);
        }

        if (io.Version >= 11)
        {
            io.String(ref RackId!);
        }

        io.Tags();
    }
}

internal struct FetchTopic : IWire
{
    public string Topic;
    public FetchPartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Topic);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct FetchPartition : IWire
{
    public int Partition;

    /// <summary>-1: the client does not know.</summary>
    public int CurrentLeaderEpoch;
    public long FetchOffset;
    public int LastFetchedEpoch;
    public long LogStartOffset;
    public int PartitionMaxBytes;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref Partition);
        if (io.Version >= 9)
        {
            io.Int32(ref CurrentLeaderEpoch);
        }
        else
        {
            CurrentLeaderEpoch = -1;
        }

        io.Int64(ref FetchOffset);
        if (io.Version >= 12)
        {
            io.Int32(ref LastFetchedEpoch);
        }
        else
        {
            LastFetchedEpoch = -1;
        }

        if (io.Version >= 5)
        {
            io.Int64(ref LogStartOffset);
        }
        else
        {
            LogStartOffset = -1;
        }

        io.Int32(ref PartitionMaxBytes);
        io.Tags();
    }
}

internal struct ForgottenTopic : IWire
{
    public string Topic;
    public int[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Topic);
        io.Int32s(ref Partitions);
        io.Tags();
    }
}
