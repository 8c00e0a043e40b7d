namespace TattleTail.Spew.Protocol.Messages;

internal struct IncrementalAlterConfigsResponse : IWire
{
    public int ThrottleTimeMs;
    public AlterConfigsResourceResponse[] Responses;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Responses);
        io.Tags();
    }
}
