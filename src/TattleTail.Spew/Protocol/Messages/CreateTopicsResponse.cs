namespace TattleTail.Spew.Protocol.Messages;

internal struct CreateTopicsResponse : IWire
{
    public int ThrottleTimeMs;
    public CreatableTopicResult[] Topics;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Topics);
        io.Tags();
    }
}

internal struct CreatableTopicResult : IWire
{
    public string Name;
    public Guid TopicId;
    public short ErrorCode;
    public string? ErrorMessage;
    public int NumPartitions;
    public short ReplicationFactor;
    public CreatableTopicConfigs[]? Configs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        if (io.Version >= 7)
        {
            io.Uuid(ref TopicId);
        }

        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        if (io.Version >= 5)
        {
            io.Int32(ref NumPartitions);
            io.Int16(ref ReplicationFactor);
            io.NullableArray(ref Configs);
        }

        io.Tags();
    }
}

internal struct CreatableTopicConfigs : IWire
{
    public string Name;
    public string? Value;
    public bool ReadOnly;
    public sbyte ConfigSource;
    public bool IsSensitive;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.NullableString(ref Value);
        io.Bool(ref ReadOnly);
        io.Int8(ref ConfigSource);
        io.Bool(ref IsSensitive);
        io.Tags();
    }
}
