namespace TattleTail.Spew.Protocol.Messages;

internal struct ApiVersionsResponse : IWire
{
    public short ErrorCode;
    public ApiVersionRange[] ApiKeys;
    public int ThrottleTimeMs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.Array(ref ApiKeys);
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Tags();
    }
}

internal struct ApiVersionRange : IWire
{
    public short ApiKey;
    public short MinVersion;
    public short MaxVersion;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ApiKey);
        io.Int16(ref MinVersion);
        io.Int16(ref MaxVersion);
        io.Tags();
    }
}
