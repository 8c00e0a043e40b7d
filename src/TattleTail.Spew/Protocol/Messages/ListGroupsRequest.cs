namespace TattleTail.Spew.Protocol.Messages;

internal struct ListGroupsRequest : IWire
{
    /// <summary>Empty: groups in any state.</summary>
    public string[] StatesFilter;

    /// <summary>Empty: groups of any type.</summary>
    public string[] TypesFilter;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 4)
        {
            io.Strings(ref StatesFilter);
        }
        else
        {
            StatesFilter = [];
        }

        if (io.Version >= 5)
        {
            io.Strings(ref TypesFilter);
        }
        else
        {
            TypesFilter = [];
        }

        io.Tags();
    }
}
