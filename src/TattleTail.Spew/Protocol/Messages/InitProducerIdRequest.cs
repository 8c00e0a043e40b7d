namespace TattleTail.Spew.Protocol.Messages;

internal struct InitProducerIdRequest : IWire
{
    public string? TransactionalId;
    public int TransactionTimeoutMs;
    public long ProducerId;
    public short ProducerEpoch;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.NullableString(ref TransactionalId);
        io.Int32(ref TransactionTimeoutMs);
        if (io.Version >= 3)
        {
            io.Int64(ref ProducerId);
            io.Int16(ref ProducerEpoch);
        }
        else
        {
            ProducerId = -1;
            ProducerEpoch = -1;
        }

        io.Tags();
    }
}
