using System.Globalization;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>
/// Kafka's topic configs and a channel's settings. Four are honoured; the others are known, mean nothing here and may only have the value that a Kafka 4.1 broker gives them by default, so
/// that nobody believes in a setting that does nothing.
/// </summary>
internal static class TopicConfig
{
    public const string TimestampTypeName = "message.timestamp.type";
    public const string MaxMessageBytesName = "max.message.bytes";
    public const string CleanupPolicyName = "cleanup.policy";
    public const string RetentionName = "retention.ms";

    private static readonly Dictionary<string, string> FixedValues = new(StringComparer.Ordinal)
    {
        ["compression.gzip.level"] = "-1",
        ["compression.lz4.level"] = "9",
        ["compression.type"] = "producer",
        ["compression.zstd.level"] = "3",
        ["delete.retention.ms"] = "86400000",
        ["file.delete.delay.ms"] = "60000",
        ["flush.messages"] = "9223372036854775807",
        ["flush.ms"] = "9223372036854775807",
        ["follower.replication.throttled.replicas"] = "",
        ["index.interval.bytes"] = "4096",
        ["leader.replication.throttled.replicas"] = "",
        ["local.retention.bytes"] = "-2",
        ["local.retention.ms"] = "-2",
        ["max.compaction.lag.ms"] = "9223372036854775807",
        ["message.downconversion.enable"] = "true",
        ["message.timestamp.after.max.ms"] = "3600000",
        ["message.timestamp.before.max.ms"] = "9223372036854775807",
        ["min.cleanable.dirty.ratio"] = "0.5",
        ["min.compaction.lag.ms"] = "0",
        ["min.insync.replicas"] = "1",
        ["preallocate"] = "false",
        ["remote.log.copy.disable"] = "false",
        ["remote.log.delete.on.disable"] = "false",
        ["remote.storage.enable"] = "false",
        ["retention.bytes"] = "-1",
        ["segment.bytes"] = "1073741824",
        ["segment.index.bytes"] = "10485760",
        ["segment.jitter.ms"] = "0",
        ["segment.ms"] = "604800000",
        ["unclean.leader.election.enable"] = "false",
    };

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

    /// <summary>A channel's settings as CreateTopics reports them.</summary>
    public static CreatableTopicConfigs[] Describe(ChannelConfig config)
    {
        var defaults = new ChannelConfig();
        return
        [
            Entry(CleanupPolicyName, config.CleanupPolicy, config.CleanupPolicy == defaults.CleanupPolicy),
            Entry(MaxMessageBytesName, config.MaxMessageBytes.ToString(CultureInfo.InvariantCulture), config.MaxMessageBytes == defaults.MaxMessageBytes),
            Entry(TimestampTypeName, config.TimestampType.ToString(), config.TimestampType == defaults.TimestampType),
            Entry(RetentionName, config.RetentionMs.ToString(CultureInfo.InvariantCulture), config.RetentionMs == defaults.RetentionMs),
        ];
    }

    private static string? FixedFault(string name, string value)
    {
        if (!FixedValues.TryGetValue(name, out string? only))
        {
            return $"Unknown topic config name: {name}";
        }

        return value == only ? null : $"{name} has no effect here and can only be {(only.Length == 0 ? "empty" : only)}.";
    }

    private static CreatableTopicConfigs Entry(string name, string value, bool isDefault)
    {
        // Kafka's ConfigSource: the topic's own, or the default.
        const sbyte topicConfig = 1;
        const sbyte defaultConfig = 5;
        return new CreatableTopicConfigs { Name = name, Value = value, ConfigSource = isDefault ? defaultConfig : topicConfig };
    }
}
