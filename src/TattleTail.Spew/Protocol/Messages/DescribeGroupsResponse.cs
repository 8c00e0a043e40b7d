namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeGroupsResponse : IWire
{
    public int ThrottleTimeMs;
    public DescribedGroup[] Groups;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Array(ref Groups);
        io.Tags();
    }
}

internal struct DescribedGroup : IWire
{
    public short ErrorCode;
    public string GroupId;

    /// <summary>A group that is not there is <c>Dead</c>, without an error.</summary>
    public string GroupState;
    public string ProtocolType;

    /// <summary>The chosen protocol of a stable group, otherwise empty.</summary>
    public string ProtocolData;
    public DescribedGroupMember[] Members;
    public int AuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.String(ref GroupId);
        io.String(ref GroupState);
        io.String(ref ProtocolType);
        io.String(ref ProtocolData);
        io.Array(ref Members);
        if (io.Version >= 3)
        {
            io.Int32(ref AuthorizedOperations);
        }
        else
        {
            AuthorizedOperations = MetadataResponse.OperationsOmitted;
        }

        io.Tags();
    }
}

internal struct DescribedGroupMember : IWire
{
    public string MemberId;
    public string? GroupInstanceId;
    public string ClientId;
    public string ClientHost;

    /// <summary>Of a stable group, otherwise empty.</summary>
    public ReadOnlyMemory<byte> MemberMetadata;

    /// <summary>Of a stable group, otherwise empty.</summary>
    public ReadOnlyMemory<byte> MemberAssignment;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref MemberId);
        if (io.Version >= 4)
        {
            io.NullableString(ref GroupInstanceId);
        }

        io.String(ref ClientId);
        io.String(ref ClientHost);
        io.Bytes(ref MemberMetadata);
        io.Bytes(ref MemberAssignment);
        io.Tags();
    }
}
