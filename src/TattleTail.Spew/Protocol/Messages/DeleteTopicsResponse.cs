namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteTopicsResponse : IWire
{
    public int ThrottleTimeMs;
    public DeletableTopicResult[] Responses;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Responses);
        io.Tags();
    }
}

internal struct DeletableTopicResult : IWire
{
    public string? Name;
    public Guid TopicId;
    public short ErrorCode;
    public string? ErrorMessage;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 6)
        {
            io.NullableString(ref Name);
            io.Uuid(ref TopicId);
        }
        else
        {
            io.String(ref Name!);
        }

        io.Int16(ref ErrorCode);
        if (io.Version >= 5)
        {
            io.NullableString(ref ErrorMessage);
        }

        io.Tags();
    }
}
