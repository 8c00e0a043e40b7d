using System.Text;
using System.Text.Json.Nodes;

namespace TattleTail.Server.Configuration;

/// <summary>One setting: its names, what it means, and how text becomes its value.</summary>
public abstract class NodeSetting
{
    private protected NodeSetting(string key, string description, bool isSecret)
    {
        Key = key;
        Description = description;
        IsSecret = isSecret;
        Variable = "TATTLETAIL_" + Separated(key, '_').ToUpperInvariant();
        Flag = isSecret ? null : "--" + Separated(key, '-').ToLowerInvariant();
    }

    /// <summary>Its key in <c>tattletail.json</c>: <c>kafkaAdvertise</c>.</summary>
    public string Key { get; }

    /// <summary>Its environment variable: <c>TATTLETAIL_KAFKA_ADVERTISE</c>.</summary>
    public string Variable { get; }

    /// <summary>Its flag, <c>--kafka-advertise</c>, for commands that offer it; null for a secret, which everybody could see in the list of processes.</summary>
    public string? Flag { get; }

    /// <summary>What it means, its unit and default, in a line.</summary>
    public string Description { get; }

    /// <summary>Never shown and never taken from a flag.</summary>
    public bool IsSecret { get; }

    /// <summary>The value as it would be written in the file; null when there is none.</summary>
    public abstract string? Show(NodeConfig config);

    /// <summary>The configuration with this setting read from text; null with what is wrong with the text.</summary>
    internal abstract NodeConfig? Apply(NodeConfig config, string text, out string? fault);

    /// <summary>The setting in JSON schema.</summary>
    internal abstract JsonObject Schema();

    private static string Separated(string key, char separator)
    {
        var words = new StringBuilder(key.Length + 8);
        foreach (var c in key)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                words.Append(separator);
            }

            words.Append(c);
        }

        return words.ToString();
    }
}

/// <summary>A setting of one type.</summary>
internal sealed class NodeSetting<T>(string key, string description, SettingType<T> type, Func<NodeConfig, T?> get, Func<NodeConfig, T, NodeConfig> set, bool isSecret = false)
    : NodeSetting(key, description, isSecret)
{
    /// <inheritdoc />
    public override string? Show(NodeConfig config) => get(config) is { } value ? type.Show(value) : null;

    /// <inheritdoc />
    internal override NodeConfig? Apply(NodeConfig config, string text, out string? fault)
    {
        var value = type.Parse(text, out fault);
        return fault is null ? set(config, value!) : null;
    }

    /// <inheritdoc />
    internal override JsonObject Schema()
    {
        var schema = type.Schema();
        schema["description"] = Description;
        return schema;
    }
}
