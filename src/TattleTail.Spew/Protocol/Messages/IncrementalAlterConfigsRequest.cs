namespace TattleTail.Spew.Protocol.Messages;

internal struct IncrementalAlterConfigsRequest : IWire
{
    public IncrementalAlterConfigsResource[] Resources;
    public bool ValidateOnly;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Resources);
        io.Bool(ref ValidateOnly);
        io.Tags();
    }
}

internal struct IncrementalAlterConfigsResource : IWire
{
    /// <summary>2: topic, 4: broker.</summary>
    public sbyte ResourceType;
    public string ResourceName;
    public IncrementalAlterableConfig[] Configs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int8(ref ResourceType);
        io.String(ref ResourceName);
        io.Array(ref Configs);
        io.Tags();
    }
}

internal struct IncrementalAlterableConfig : IWire
{
    public string Name;

    /// <summary>0: set, 1: delete, 2: append to a list, 3: take from a list.</summary>
    public sbyte ConfigOperation;
    public string? Value;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.Int8(ref ConfigOperation);
        io.NullableString(ref Value);
        io.Tags();
    }
}
