using TattleTail.Log;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>The operations of IncrementalAlterConfigs on a channel's settings (KIP-339).</summary>
internal static class IncrementalConfig
{
    public const sbyte Delete = 1;

    private const sbyte Set = 0;
    private const sbyte Append = 2;
    private const sbyte Subtract = 3;

    /// <summary>The settings after the operations; the fault is null when they may be so.</summary>
    public static (ChannelConfig Config, string? Fault) Apply(ChannelConfig config, IncrementalAlterableConfig[] operations)
    {
        string? fault = null;
        foreach (IncrementalAlterableConfig operation in operations)
        {
            if (TopicConfig.Find(operation.Name) is not { } entry)
            {
                return (config, $"Unknown topic config name: {operation.Name}");
            }

            string? value = ValueAfter(entry, config, operation, out fault);
            config = fault is null ? TopicConfig.Apply(config, entry.Name, value, out fault) : config;
            if (fault is not null)
            {
                break;
            }
        }

        return (config, fault);
    }

    private static string? ValueAfter(TopicConfigEntry entry, ChannelConfig config, IncrementalAlterableConfig operation, out string? fault)
    {
        fault = null;
        switch (operation.ConfigOperation)
        {
            case Set:
                return operation.Value;
            case Delete:
                return entry.Default;
            case Append or Subtract when entry.Type != ConfigType.List:
                fault = $"{entry.Name} is not a list, which could be appended to or subtracted from.";
                return null;
            case Append or Subtract:
                string[] present = Items(entry.Value(config));
                string[] named = Items(operation.Value ?? "");
                return string.Join(',', operation.ConfigOperation == Append ? present.Union(named, StringComparer.Ordinal) : present.Except(named, StringComparer.Ordinal));
            default:
                fault = $"There is no operation {operation.ConfigOperation} on a config.";
                return null;
        }
    }

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
