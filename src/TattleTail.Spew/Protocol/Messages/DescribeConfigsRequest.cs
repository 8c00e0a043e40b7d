namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeConfigsRequest : IWire
{
    public DescribeConfigsResource[] Resources;
    public bool IncludeSynonyms;
    public bool IncludeDocumentation;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Array(ref Resources);
        io.Bool(ref IncludeSynonyms);
        if (io.Version >= 3)
        {
            io.Bool(ref IncludeDocumentation);
        }

        io.Tags();
    }
}

internal struct DescribeConfigsResource : IWire
{
    /// <summary>2: topic, 4: broker.</summary>
    public sbyte ResourceType;
    public string ResourceName;

    /// <summary>Null: all of them.</summary>
    public string[]? ConfigurationKeys;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int8(ref ResourceType);
        io.String(ref ResourceName);
        io.NullableStrings(ref ConfigurationKeys);
        io.Tags();
    }
}
