namespace TattleTail.Spew.Protocol.Messages;

internal struct DescribeConfigsResponse : IWire
{
    public int ThrottleTimeMs;
    public DescribeConfigsResult[] Results;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int32(ref ThrottleTimeMs);
        io.Array(ref Results);
        io.Tags();
    }
}

internal struct DescribeConfigsResult : IWire
{
    public short ErrorCode;
    public string? ErrorMessage;
    public sbyte ResourceType;
    public string ResourceName;
    public DescribedConfig[] Configs;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.Int16(ref ErrorCode);
        io.NullableString(ref ErrorMessage);
        io.Int8(ref ResourceType);
        io.String(ref ResourceName);
        io.Array(ref Configs);
        io.Tags();
    }
}

internal struct DescribedConfig : IWire
{
    public string Name;

    /// <summary>Null when it is sensitive.</summary>
    public string? Value;
    public bool ReadOnly;

    /// <summary>1: the topic's own, 4: the broker's static configuration, 5: the default.</summary>
    public sbyte ConfigSource;
    public bool IsSensitive;

    /// <summary>All that could give the value, the one that does first; empty when they were not asked for.</summary>
    public DescribedConfigSynonym[] Synonyms;

    /// <summary>1: boolean, 2: string, 3: int32, 4: int16, 5: int64, 6: double, 7: list, 8: class, 9: password; 0: unknown.</summary>
    public sbyte ConfigType;
    public string? Documentation;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.NullableString(ref Value);
        io.Bool(ref ReadOnly);
        io.Int8(ref ConfigSource);
        io.Bool(ref IsSensitive);
        io.Array(ref Synonyms);
        if (io.Version >= 3)
        {
            io.Int8(ref ConfigType);
            io.NullableString(ref Documentation);
        }

        io.Tags();
    }
}

internal struct DescribedConfigSynonym : IWire
{
    public string Name;
    public string? Value;

    /// <summary>As <see cref="DescribedConfig.ConfigSource"/>.</summary>
    public sbyte Source;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.NullableString(ref Value);
        io.Int8(ref Source);
        io.Tags();
    }
}
