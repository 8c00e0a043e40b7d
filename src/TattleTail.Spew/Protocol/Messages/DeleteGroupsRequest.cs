namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteGroupsRequest : IWire
{
    public string[] GroupsNames;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Strings(ref GroupsNames);
        io.Tags();
    }
}
