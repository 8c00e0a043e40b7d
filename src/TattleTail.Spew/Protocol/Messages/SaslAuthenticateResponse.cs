namespace TattleTail.Spew.Protocol.Messages;

internal struct SaslAuthenticateResponse : IWire
{
    public short ErrorCode;
    public string? ErrorMessage;
    public ReadOnlyMemory<byte> AuthBytes;

    /// <summary>0: the client need not authenticate again.</summary>
    public long SessionLifetimeMs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        io.Bytes(ref AuthBytes);
        if (io.Version >= 1)
        {
            io.Int64(ref SessionLifetimeMs);
        }

        io.Tags();
    }
}
