namespace TattleTail.Spew.Protocol.Messages;

internal struct DeleteTopicsRequest : IWire
{
    public DeleteTopicState[] Topics;
    public string[] TopicNames;
    public int TimeoutMs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 6)
        {
            io.Array(ref Topics);
        }
        else
        {
            io.Strings(ref TopicNames);
        }

        io.Int32(ref TimeoutMs);
        io.Tags();
    }
}

internal struct DeleteTopicState : IWire
{
    public string? Name;
    public Guid TopicId;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.NullableString(ref Name);
        io.Uuid(ref TopicId);
        io.Tags();
    }
}
