using System.Globalization;
using TattleTail.Log;

namespace TattleTail.Spew.Handlers;

/// <summary>The types of configs, by Kafka's numbers (DescribeConfigs).</summary>
internal enum ConfigType : sbyte
{
    Boolean = 1,
    Text = 2,
    Int = 3,
    Long = 5,
    Double = 6,
    List = 7,
}

/// <summary>A config of topics.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Default">The value that a Kafka 4.1 broker, or a channel here, has when nobody set another.</param>
/// <param name="Get">The value of a channel; null for one that means nothing here and always has its default.</param>
internal sealed record TopicConfigEntry(string Name, ConfigType Type, string Default, Func<ChannelConfig, string>? Get = null)
{
    /// <summary>It says how Kafka keeps its files and when it tidies them up, which no client can tell: any value is taken, and the default stays.</summary>
    public bool IsOfFiles { get; init; }

    /// <summary>The value that a channel has.</summary>
    public string Value(ChannelConfig config) => Get?.Invoke(config) ?? Default;

    /// <summary>The value is one of the type, as Kafka's own for a config of files are: numbers from 0, ratios to 1.</summary>
    public bool Fits(string value) => Type switch
    {
        ConfigType.Boolean => bool.TryParse(value, out _),
        ConfigType.Int => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        ConfigType.Long => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _),
        ConfigType.Double => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double ratio) && ratio is >= 0 and <= 1,
        _ => true,
    };

    /// <summary>A channel has a value of its own.</summary>
    public bool IsSet(ChannelConfig config) => Value(config) != Default;
}
