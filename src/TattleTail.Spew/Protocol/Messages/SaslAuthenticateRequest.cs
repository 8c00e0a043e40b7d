namespace TattleTail.Spew.Protocol.Messages;

internal struct SaslAuthenticateRequest : IWire
{
    public ReadOnlyMemory<byte> AuthBytes;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Bytes(ref AuthBytes);
        io.Tags();
    }
}
