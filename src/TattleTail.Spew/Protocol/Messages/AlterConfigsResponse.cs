namespace TattleTail.Spew.Protocol.Messages;

internal struct AlterConfigsResponse : IWire
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

internal struct AlterConfigsResourceResponse : IWire
{
    public short ErrorCode;
    public string? ErrorMessage;
    public sbyte ResourceType;
    public string ResourceName;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        io.Int8(ref ResourceType);
        io.String(ref ResourceName);
        io.Tags();
    }
}
