namespace TattleTail.Spew.Protocol.Messages;

/// <summary>A config and the value that it is to have: Kafka's CreatableTopicConfig and AlterableConfig.</summary>
internal struct ConfigSetting : IWire
{
    public string Name;
    public string? Value;

    public void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct
    {
        io.String(ref Name);
        io.NullableString(ref Value);
        io.Tags();
    }
}
