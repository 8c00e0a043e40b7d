namespace TattleTail.Spew.Protocol.Messages;

internal struct SaslHandshakeResponse : IWire
{
    public short ErrorCode;

    /// <summary>What the node offers, also beside an error.</summary>
    public string[] Mechanisms;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.Strings(ref Mechanisms);
    }
}
