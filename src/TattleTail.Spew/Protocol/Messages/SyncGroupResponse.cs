namespace TattleTail.Spew.Protocol.Messages;

internal struct SyncGroupResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public string? ProtocolType;
    public string? ProtocolName;
    public ReadOnlyMemory<byte> Assignment;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Int16(ref ErrorCode);
        if (io.Version >= 5)
        {
            io.NullableString(ref ProtocolType);
            io.NullableString(ref ProtocolName);
        }

        io.Bytes(ref Assignment);
        io.Tags();
    }
}
