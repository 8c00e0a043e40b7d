namespace TattleTail.Spew.Handlers;

/// <summary>What configs belong to, by Kafka's numbers (ConfigResource.Type).</summary>
internal static class ConfigResources
{
    public const sbyte Topic = 2;
    public const sbyte Broker = 4;
}
