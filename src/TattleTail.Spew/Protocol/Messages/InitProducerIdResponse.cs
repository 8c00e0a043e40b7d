namespace TattleTail.Spew.Protocol.Messages;

internal struct InitProducerIdResponse : IWire
{
    public int ThrottleTimeMs;
    public short ErrorCode;
    public long ProducerId;
    public short ProducerEpoch;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Int16(ref ErrorCode);
        io.Int64(ref ProducerId);
        io.Int16(ref ProducerEpoch);
        io.Tags();
    }
}
