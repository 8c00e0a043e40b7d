namespace TattleTail.Spew.Protocol.Messages;

/// <summary>One group up to version 7, a list from version 8.</summary>
internal struct OffsetFetchRequest : IWire
{
    public string GroupId;

    /// <summary>Null, from version 2: all topics.</summary>
    public OffsetFetchTopic[]? Topics;
    public OffsetFetchGroup[] Groups;
    public bool RequireStable;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 8)
        {
            io.Array(ref Groups);
        }
        else
        {
            io.String(ref GroupId);
            if (io.Version >= 2)
            {
                io.NullableArray(ref Topics);
            }
            else
            {
                io.Array(ref Topics!);
            }
        }

        if (io.Version >= 7)
        {
            io.Bool(ref RequireStable);
        }

        io.Tags();
    }
}

internal struct OffsetFetchGroup : IWire
{
    public string GroupId;
    public string? MemberId;

    /// <summary>-1: not a member by the protocol of KIP-848.</summary>
    public int MemberEpoch;

    /// <summary>Null: all topics.</summary>
    public OffsetFetchTopic[]? Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref GroupId);
        if (io.Version >= 9)
        {
            io.NullableString(ref MemberId);
            io.Int32(ref MemberEpoch);
        }
        else
        {
            MemberEpoch = -1;
        }

        io.NullableArray(ref Topics);
        io.Tags();
    }
}

internal struct OffsetFetchTopic : IWire
{
    public string Name;
    public int[] PartitionIndexes;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Int32s(ref PartitionIndexes);
        io.Tags();
    }
}
