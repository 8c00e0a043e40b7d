using System.Globalization;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>
/// Kafka's topic configs and a channel's settings. Four are honoured; the others are known and mean nothing here. Those of Kafka's files are taken with any value, as Kafka Streams sets some for
/// its own topics; the rest may only have the value that a Kafka 4.1 broker gives them by default, so that nobody believes in a setting that does nothing.
/// </summary>
internal static class TopicConfig
{
    public const string TimestampTypeName = "message.timestamp.type";
    public const string MaxMessageBytesName = "max.message.bytes";
    public const string CleanupPolicyName = "cleanup.policy";
    public const string RetentionName = "retention.ms";

    /// <summary>Kafka's ConfigSource of a value that was set for the topic.</summary>
    public const sbyte OwnSource = 1;

    /// <summary>Kafka's ConfigSource of a value that nobody set.</summary>
    public const sbyte DefaultSource = 5;

    /// <summary>All configs that are known, by name.</summary>
    public static readonly IReadOnlyList<TopicConfigEntry> Entries =
    [
        new(CleanupPolicyName, ConfigType.List, "delete", config => config.CleanupPolicy),
        new("compression.gzip.level", ConfigType.Int, "-1"),
        new("compression.lz4.level", ConfigType.Int, "9"),
        new("compression.type", ConfigType.Text, "producer"),
        new("compression.zstd.level", ConfigType.Int, "3"),
        new("delete.retention.ms", ConfigType.Long, "86400000") { IsOfFiles = true },
        new("file.delete.delay.ms", ConfigType.Long, "60000") { IsOfFiles = true },
        new("flush.messages", ConfigType.Long, "9223372036854775807") { IsOfFiles = true },
        new("flush.ms", ConfigType.Long, "9223372036854775807") { IsOfFiles = true },
        new("follower.replication.throttled.replicas", ConfigType.List, ""),
        new("index.interval.bytes", ConfigType.Int, "4096") { IsOfFiles = true },
        new("leader.replication.throttled.replicas", ConfigType.List, ""),
        new("local.retention.bytes", ConfigType.Long, "-2"),
        new("local.retention.ms", ConfigType.Long, "-2"),
        new("max.compaction.lag.ms", ConfigType.Long, "9223372036854775807"),
        new(MaxMessageBytesName, ConfigType.Int, "1048588", config => config.MaxMessageBytes.ToString(CultureInfo.InvariantCulture)),
        new("message.timestamp.after.max.ms", ConfigType.Long, "3600000"),
        new("message.timestamp.before.max.ms", ConfigType.Long, "9223372036854775807"),
        new(TimestampTypeName, ConfigType.Text, "CreateTime", config => config.TimestampType.ToString()),
        new("min.cleanable.dirty.ratio", ConfigType.Double, "0.5") { IsOfFiles = true },
        new("min.compaction.lag.ms", ConfigType.Long, "0") { IsOfFiles = true },
        new("min.insync.replicas", ConfigType.Int, "1"),
        new("preallocate", ConfigType.Boolean, "false") { IsOfFiles = true },
        new("remote.log.copy.disable", ConfigType.Boolean, "false"),
        new("remote.log.delete.on.disable", ConfigType.Boolean, "false"),
        new("remote.storage.enable", ConfigType.Boolean, "false"),
        new("retention.bytes", ConfigType.Long, "-1"),
        new(RetentionName, ConfigType.Long, "-1", config => config.RetentionMs.ToString(CultureInfo.InvariantCulture)),
        new("segment.bytes", ConfigType.Int, "1073741824") { IsOfFiles = true },
        new("segment.index.bytes", ConfigType.Int, "10485760") { IsOfFiles = true },
        new("segment.jitter.ms", ConfigType.Long, "0") { IsOfFiles = true },
        new("segment.ms", ConfigType.Long, "604800000") { IsOfFiles = true },
        new("unclean.leader.election.enable", ConfigType.Boolean, "false"),
    ];

    private static readonly Dictionary<string, TopicConfigEntry> ByName = Entries.ToDictionary(entry => entry.Name, StringComparer.Ordinal);

    /// <summary>Applies configs to a channel's settings, to the first that may not be set so; the fault is null when all may.</summary>
    public static (ChannelConfig Config, string? Fault) Apply(ChannelConfig config, ConfigSetting[] settings)
    {
        foreach (ConfigSetting setting in settings)
        {
            config = Apply(config, setting.Name, setting.Value, out string? fault);
            if (fault is not null)
            {
                return (config, fault);
            }
        }

        return (config, null);
    }

    /// <summary>Applies one config to a channel's settings; the fault is null when it may be set so.</summary>
    public static ChannelConfig Apply(ChannelConfig config, string name, string? value, out string? fault)
    {
        fault = null;
        if (value is null)
        {
            fault = $"Null value not supported for topic configs: {name}";
            return config;
        }

        switch (name)
        {
            case TimestampTypeName when value is "CreateTime" or "LogAppendTime":
                return config with { TimestampType = value == "CreateTime" ? TimestampType.CreateTime : TimestampType.LogAppendTime };
            case MaxMessageBytesName when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int bytes):
                return config with { MaxMessageBytes = bytes };
            case CleanupPolicyName when value is "delete" or "compact" or "delete,compact" or "compact,delete":
                return config with { CleanupPolicy = value };
            case RetentionName when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long ms) && ms >= -1:
                return config with { RetentionMs = ms };
            case TimestampTypeName or MaxMessageBytesName or CleanupPolicyName or RetentionName:
                fault = $"Invalid value {value} for configuration {name}.";
                return config;
            default:
                fault = FixedFault(name, value);
                return config;
        }
    }

    /// <summary>The config of a name; null when there is none.</summary>
    public static TopicConfigEntry? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Kafka's ConfigSource: the topic's own value, or the default.</summary>
    public static sbyte Source(TopicConfigEntry entry, ChannelConfig config) => entry.IsSet(config) ? OwnSource : DefaultSource;

    /// <summary>A channel's settings as CreateTopics reports them.</summary>
    public static CreatableTopicConfigs[] Describe(ChannelConfig config) =>
    [
        .. Entries.Select(entry => new CreatableTopicConfigs { Name = entry.Name, Value = entry.Value(config), ConfigSource = Source(entry, config) }),
    ];

    private static string? FixedFault(string name, string value)
    {
        if (Find(name) is not { } entry)
        {
            return $"Unknown topic config name: {name}";
        }

        if (entry.IsOfFiles)
        {
            return entry.Fits(value) ? null : $"Invalid value {value} for configuration {name}.";
        }

        string only = entry.Default;
        return value == only ? null : $"{name} has no effect here and can only be {(only.Length == 0 ? "empty" : only)}.";
    }
}
