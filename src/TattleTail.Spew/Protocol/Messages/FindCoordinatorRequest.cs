namespace TattleTail.Spew.Protocol.Messages;

internal struct FindCoordinatorRequest : IWire
{
    public string Key;

    /// <summary>0: consumer group, 1: transactional id.</summary>
    public sbyte KeyType;
    public string[] CoordinatorKeys;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version <= 3)
        {
            io.String(ref Key);
        }

        if (io.Version >= 1)
        {
            io.Int8(ref KeyType);
        }

        if (io.Version >= 4)
        {
            io.Strings(ref CoordinatorKeys);
        }

        io.Tags();
    }
}
