namespace TattleTail.Spew.Protocol.Messages;

/// <summary>One group up to version 7, a list from version 8.</summary>
internal struct OffsetFetchResponse : IWire
{
    public int ThrottleTimeMs;
    public OffsetFetchTopicResponse[] Topics;
    public short ErrorCode;
    public OffsetFetchGroupResponse[] Groups;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 3)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        if (io.Version >= 8)
        {
            io.Array(ref Groups);
            io.Tags();
            return;
        }

        io.Array(ref Topics);
        if (io.Version >= 2)
        {
            io.Int16(ref ErrorCode);
        }

        io.Tags();
    }
}

internal struct OffsetFetchGroupResponse : IWire
{
    public string GroupId;
    public OffsetFetchTopicResponse[] Topics;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Array(ref Topics);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}

internal struct OffsetFetchTopicResponse : IWire
{
    public string Name;
    public OffsetFetchPartitionResponse[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct OffsetFetchPartitionResponse : IWire
{
    public int PartitionIndex;

    /// <summary>-1: none is committed.</summary>
    public long CommittedOffset;
    public int CommittedLeaderEpoch;
    public string? Metadata;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int64(ref CommittedOffset);
        if (io.Version >= 5)
        {
            io.Int32(ref CommittedLeaderEpoch);
        }
        else
        {
            CommittedLeaderEpoch = -1;
        }

        io.NullableString(ref Metadata);
        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
