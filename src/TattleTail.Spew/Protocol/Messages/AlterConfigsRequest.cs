namespace TattleTail.Spew.Protocol.Messages;

internal struct AlterConfigsRequest : IWire
{
    public AlterConfigsResource[] Resources;
    public bool ValidateOnly;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Resources);
        io.Bool(ref ValidateOnly);
        io.Tags();
    }
}

internal struct AlterConfigsResource : IWire
{
    /// <summary>2: topic, 4: broker.</summary>
    public sbyte ResourceType;
    public string ResourceName;

    /// <summary>All that is to differ from the default afterwards.</summary>
    public ConfigSetting[] Configs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int8(ref ResourceType);
        io.String(ref ResourceName);
        io.Array(ref Configs);
        io.Tags();
    }
}
