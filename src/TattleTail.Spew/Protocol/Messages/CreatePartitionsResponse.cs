namespace TattleTail.Spew.Protocol.Messages;

internal struct CreatePartitionsResponse : IWire
{
    public int ThrottleTimeMs;
    public CreatePartitionsTopicResult[] Results;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Results);
        io.Tags();
    }
}

internal struct CreatePartitionsTopicResult : IWire
{
    public string Name;
    public short ErrorCode;
    public string? ErrorMessage;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        io.Tags();
    }
}
