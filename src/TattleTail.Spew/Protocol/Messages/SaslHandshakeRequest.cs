namespace TattleTail.Spew.Protocol.Messages;

/// <summary>After version 0 the tokens follow as bare frames, after version 1 in <see cref="SaslAuthenticateRequest"/>.</summary>
internal struct SaslHandshakeRequest : IWire
{
    public string Mechanism;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Mechanism);
    }
}
