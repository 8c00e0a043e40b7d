namespace TattleTail.Spew.Protocol.Messages;

internal struct OffsetCommitRequest : IWire
{
    public string GroupId;

    /// <summary>-1: the client commits without being a member.</summary>
    public int GenerationIdOrMemberEpoch;
    public string MemberId;
    public string? GroupInstanceId;

    /// <summary>-1: as long as the node keeps offsets.</summary>
    public long RetentionTimeMs;
    public OffsetCommitTopic[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        io.Int32(ref GenerationIdOrMemberEpoch);
        io.String(ref MemberId);
        if (io.Version >= 7)
        {
            io.NullableString(ref GroupInstanceId);
        }

        if (io.Version <= 4)
        {
            io.Int64(ref RetentionTimeMs);
        }
        else
        {
            RetentionTimeMs = -1;
        }

        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct OffsetCommitTopic : IWire
{
    public string Name;
    public OffsetCommitPartition[] Partitions;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Array(ref Partitions);
        io.Tags();
    }
}

internal struct OffsetCommitPartition : IWire
{
    public int PartitionIndex;
    public long CommittedOffset;

    /// <summary>-1: the client does not know.</summary>
    public int CommittedLeaderEpoch;
    public string? CommittedMetadata;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref PartitionIndex);
        io.Int64(ref CommittedOffset);
        if (io.Version >= 6)
        {
            io.Int32(ref CommittedLeaderEpoch);
        }
        else
        {
            CommittedLeaderEpoch = -1;
        }

        io.NullableString(ref CommittedMetadata);
        io.Tags();
    }
}
