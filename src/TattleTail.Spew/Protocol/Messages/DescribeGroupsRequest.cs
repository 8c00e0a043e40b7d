namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeGroupsRequest : IWire
{
    public string[] Groups;
    public bool IncludeAuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Strings(ref Groups);
        if (io.Version >= 3)
        {
            io.Bool(ref IncludeAuthorizedOperations);
        }

        io.Tags();
    }
}
