namespace TattleTail.Spew.Protocol.Messages;

internal struct HeartbeatResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.Int32(ref ThrottleTimeMs);
        }

        io.Int16(ref ErrorCode);
        io.Tags();
    }
}
