using System.Globalization;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>The node's settings under the names of Kafka's broker configs, for tools that look at them. They are set in the node's own configuration and only read here.</summary>
internal static class BrokerConfig
{
    // Kafka's ConfigSource: the broker's configuration file.
    private const sbyte Static = 4;

    public static IEnumerable<DescribedConfig> Of(SpewOptions options) =>
    [
        Entry("auto.create.topics.enable", ConfigType.Boolean, options.AutoCreateChannels ? "true" : "false"),
        Entry("default.replication.factor", ConfigType.Int, "1"),
        Entry("delete.topic.enable", ConfigType.Boolean, "true"),
        Entry("group.initial.rebalance.delay.ms", ConfigType.Int, Ms(options.Groups.InitialRebalanceDelay)),
        Entry("group.max.session.timeout.ms", ConfigType.Int, Ms(options.Groups.MaxSessionTimeout)),
        Entry("group.max.size", ConfigType.Int, Number(options.Groups.MaxMembers)),
        Entry("group.min.session.timeout.ms", ConfigType.Int, Ms(options.Groups.MinSessionTimeout)),
        Entry("log.cleanup.policy", ConfigType.List, "delete"),
        Entry("log.retention.ms", ConfigType.Long, "-1"),
        Entry("message.max.bytes", ConfigType.Int, "1048588"),
        Entry("min.insync.replicas", ConfigType.Int, "1"),
        Entry("node.id", ConfigType.Int, Number(options.NodeId)),
        Entry("num.partitions", ConfigType.Int, Number(options.DefaultPartitions)),
        Entry("offset.metadata.max.bytes", ConfigType.Int, Number(options.Groups.MaxCommitMetadataBytes)),
        Entry("offsets.retention.minutes", ConfigType.Int, Number((long)options.Groups.Retention.TotalMinutes)),
        Entry("socket.request.max.bytes", ConfigType.Int, Number(options.MaxRequestBytes)),
    ];

    private static DescribedConfig Entry(string name, ConfigType type, string value) =>
        new() { Name = name, Value = value, ReadOnly = true, ConfigSource = Static, ConfigType = (sbyte)type, Synonyms = [] };

    private static string Ms(TimeSpan time) => Number((long)time.TotalMilliseconds);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
