namespace TattleTail.Spew.Protocol.Messages;

internal struct MetadataRequest : IWire
{
    /// <summary>Version 0: empty means all. From version 1: null means all, empty none.</summary>
    public MetadataRequestTopic[]? Topics;
    public bool AllowAutoTopicCreation;
    public bool IncludeClusterAuthorizedOperations;
    public bool IncludeTopicAuthorizedOperations;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 1)
        {
            io.NullableArray(ref Topics);
        }
        else
        {
            io.Array(ref Topics!);
        }

        if (io.Version >= 4)
        {
            io.Bool(ref AllowAutoTopicCreation);
        }
        else
        {
            AllowAutoTopicCreation = true;
        }

        if (io.Version is >= 8 and <= 10)
        {
            io.Bool(ref IncludeClusterAuthorizedOperations);
        }

        if (io.Version >= 8)
        {
            io.Bool(ref IncludeTopicAuthorizedOperations);
        }

        io.Tags();
    }
}

internal struct MetadataRequestTopic : IWire
{
    public Guid TopicId;
    public string? Name;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        if (io.Version >= 10)
        {
            io.Uuid(ref TopicId);
            io.NullableString(ref Name);
        }
        else
        {
            io.String(ref Name!);
        }

        io.Tags();
    }
}
