namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeClusterRequest : IWire
{
    public bool IncludeClusterAuthorizedOperations;

    /// <summary>1: brokers, 2: controllers.</summary>
    public sbyte EndpointType;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Bool(ref IncludeClusterAuthorizedOperations);
        if (io.Version >= 1)
        {
            io.Int8(ref EndpointType);
        }
        else
        {
            EndpointType = 1;
        }

        io.Tags();
    }
}
