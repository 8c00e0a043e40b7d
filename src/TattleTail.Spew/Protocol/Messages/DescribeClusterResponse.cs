namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeClusterResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ErrorMessage;

    /// <summary>As it was asked for.</summary>
    public sbyte EndpointType;
    public string ClusterId;
    public int ControllerId;
    public DescribeClusterBroker[] Brokers;

    /// <summary><see cref="MetadataResponse.OperationsOmitted"/> when they were not asked for.</summary>
    public int ClusterAuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        if (io.Version >= 1)
        {
            io.Int8(ref EndpointType);
        }
        else
        {
            EndpointType = 1;
        }

        io.String(ref ClusterId);
        io.Int32(ref ControllerId);
        io.Array(ref Brokers);
        io.Int32(ref ClusterAuthorizedOperations);
        io.Tags();
    }
}

internal struct DescribeClusterBroker : IWire
{
    public int BrokerId;
    public string Host;
    public int Port;
    public string? Rack;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref BrokerId);
        io.String(ref Host);
        io.Int32(ref Port);
        io.NullableString(ref Rack);
        io.Tags();
    }
}
