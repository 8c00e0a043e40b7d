namespace TattleTail.Spew.Protocol.Messages;

internal struct MetadataResponse : IWire
{
    /// <summary>Authorized operations when they were not asked for.</summary>
    public const int OperationsOmitted = int.MinValue;

    public int ThrottleTimeMs;
    public MetadataResponseBroker[] Brokers;
    public string? ClusterId;
    public int ControllerId;
    public MetadataResponseTopic[] Topics;
    public int ClusterAuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 3)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Array(ref Brokers);
        if (io.Version >= 2)
        {
            io.NullableString(ref ClusterId);
        }

        if (io.Version >= 1)
        {
            io.Int32(ref ControllerId);
        }

        io.Array(ref Topics);
        if (io.Version is >= 8 and <= 10)
        {
            io.Int32(ref ClusterAuthorizedOperations);
        }

        io.Tags();
    }
}

internal struct MetadataResponseBroker : IWire
{
    public int NodeId;
    public string Host;
    public int Port;
    public string? Rack;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref NodeId);
        io.String(ref Host);
        io.Int32(ref Port);
        if (io.Version >= 1)
        {
            io.NullableString(ref Rack);
        }

        io.Tags();
    }
}

internal struct MetadataResponseTopic : IWire
{
    public short ErrorCode;
    public string? Name;
    public Guid TopicId;
    public bool IsInternal;
    public MetadataResponsePartition[] Partitions;
    public int TopicAuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        if (io.Version >= 12)
        {
            io.NullableString(ref Name);
        }
        else
        {
            io.String(ref Name!);
        }

        if (io.Version >= 10)
        {
            io.Uuid(ref TopicId);
        }

        if (io.Version >= 1)
        {
            io.Bool(ref IsInternal);
        }

        io.Array(ref Partitions);
        if (io.Version >= 8)
        {
            io.Int32(ref TopicAuthorizedOperations);
        }

        io.Tags();
    }
}

internal struct MetadataResponsePartition : IWire
{
    public short ErrorCode;
    public int PartitionIndex;
    public int LeaderId;
    public int LeaderEpoch;
    public int[] ReplicaNodes;
    public int[] IsrNodes;
    public int[] OfflineReplicas;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.Int32(ref PartitionIndex);
        io.Int32(ref LeaderId);
        if (io.Version >= 7)
        {
            io.Int32(ref LeaderEpoch);
        }

        io.Int32s(ref ReplicaNodes);
        io.Int32s(ref IsrNodes);
        if (io.Version >= 5)
        {
            io.Int32s(ref OfflineReplicas);
        }

        io.Tags();
    }
}
