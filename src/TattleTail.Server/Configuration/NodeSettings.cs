using Microsoft.Extensions.Logging;

namespace TattleTail.Server.Configuration;

/// <summary>All settings, in the order in which people read of them.</summary>
public static class NodeSettings
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;
    private const long GiB = 1024 * MiB;

    /// <summary>The settings.</summary>
    public static IReadOnlyList<NodeSetting> All { get; } =
    [
        Of("data", "Folder of journal, archive and lock; created when missing. Default ./tattletail-data.", Folder(), c => c.DataFolder, (c, v) => c with { DataFolder = v }),
        Of("kafka", "HOST:PORT where Kafka clients connect; port 0 lets the system choose. Default 127.0.0.1:9092.", new HostPortType(), c => c.Kafka, (c, v) => c with { Kafka = v!.Value }),
        Of("http", "HOST:PORT where HTTP clients connect; port 0 lets the system choose. Default 127.0.0.1:8080.", new HostPortType(), c => c.Http, (c, v) => c with { Http = v!.Value }),
        Of("kafkaAdvertise", "HOST:PORT that Kafka clients are told to connect to. Default: the address on which they came in.", new HostPortType(), c => c.KafkaAdvertise, (c, v) => c with { KafkaAdvertise = v }),
        Of("users", "File of the users who may log in, written by 'tattletail user'. Default: none, and everybody may do everything.", Folder("a file"), c => c.Users, (c, v) => c with { Users = v }),
        Of("tlsCertificate", "Certificate, with its chain, that Kafka and HTTP clients are shown, a PEM file; read again when it changes. Default: none, and nothing is encrypted.", Folder("a file"), c => c.TlsCertificate, (c, v) => c with { TlsCertificate = v }),
        Of("tlsKey", "The certificate's private key, a PEM file. Default: in the file of the certificate.", Folder("a file"), c => c.TlsKey, (c, v) => c with { TlsKey = v }),
        Of("insecure", "Allow addresses beyond loopback although clients are not authenticated, or their passwords not encrypted. Default false.", new BooleanType(), c => c.Insecure, (c, v) => c with { Insecure = v }),
        Of("archive", "Folder of the archive. Default: archive in the data folder.", Folder(), c => c.Archive, (c, v) => c with { Archive = v }),
        Of("nodeName", "The node's name in the archive's store: letters, digits, '.', '_', '-'. Default node-1.", Name(), c => c.NodeName, (c, v) => c with { NodeName = v }),
        Of("autoCreateChannels", "Create unknown channels when somebody publishes to them. Default true.", new BooleanType(), c => c.AutoCreateChannels, (c, v) => c with { AutoCreateChannels = v }),
        Of("defaultPartitions", "Partitions of a channel created without a number. Default 1.", new CountType(1, 10_000), c => c.DefaultPartitions, (c, v) => c with { DefaultPartitions = v }),
        Bytes("maxMessageBytes", "Largest batch of a channel that was created without max.message.bytes (Kafka's message.max.bytes). Default 1048588.", KiB, 64 * MiB, c => c.MaxMessageBytes, (c, v) => c with { MaxMessageBytes = (int)v }),
        Of("maxChannels", "Most channels of the node. Default 10000.", new CountType(1, 100_000), c => c.MaxChannels, (c, v) => c with { MaxChannels = v }),
        Bytes("maxEventBytes", "Largest event over HTTP, as it is sent. Default 1MiB.", KiB, 64 * MiB, c => c.MaxEventBytes, (c, v) => c with { MaxEventBytes = (int)v }),
        Bytes("httpMaxBodyBytes", "Largest HTTP body that is taken whole; NDJSON is streamed and may be longer. Default 16MiB.", KiB, GiB, c => c.HttpMaxBodyBytes, (c, v) => c with { HttpMaxBodyBytes = (int)v }),
        Time("dedupeWindow", "How long a CloudEvent that is posted again, with the same source and id, is known and not recorded again; 0s: never. Default 10m.", TimeSpan.Zero, TimeSpan.FromHours(24), c => c.DedupeWindow, (c, v) => c with { DedupeWindow = v }),
        Of("maxConnections", "Most connections at once, Kafka and HTTP together. Default 10000.", new CountType(10, 1_000_000), c => c.MaxConnections, (c, v) => c with { MaxConnections = v }),
        Bytes("kafkaMaxRequestBytes", "Largest Kafka request. Default 100MiB.", 64 * KiB, GiB, c => c.KafkaMaxRequestBytes, (c, v) => c with { KafkaMaxRequestBytes = (int)v }),
        Bytes("kafkaRequestMemoryBytes", "Memory of Kafka requests in flight and their decompression. Default 256MiB.", 16 * MiB, 1024 * GiB, c => c.KafkaRequestMemoryBytes, (c, v) => c with { KafkaRequestMemoryBytes = v }),
        Bytes("kafkaFetchMemoryBytes", "Memory of what was read for Kafka consumers and not yet taken by them. Default 128MiB.", 16 * MiB, 1024 * GiB, c => c.KafkaFetchMemoryBytes, (c, v) => c with { KafkaFetchMemoryBytes = v }),
        Bytes("journalQuotaBytes", "Journal size at which acknowledgements stop; they slow from 80 % on. Default 20GiB.", 16 * MiB, 1024 * 1024 * GiB, c => c.JournalQuotaBytes, (c, v) => c with { JournalQuotaBytes = v }),
        Bytes("segmentBytes", "Size of a journal segment. Default 64MiB.", MiB, GiB, c => c.SegmentBytes, (c, v) => c with { SegmentBytes = (int)v }),
        Bytes("snapshotBytes", "Journal bytes between snapshots of the node's state. Default 256MiB.", MiB, 1024 * GiB, c => c.SnapshotBytes, (c, v) => c with { SnapshotBytes = v }),
        Bytes("sealBytes", "Estimated Parquet size at which a channel is sealed. Default 128MiB.", MiB, 4 * GiB, c => c.SealBytes, (c, v) => c with { SealBytes = v }),
        Time("sealAge", "Age of a channel's oldest unsealed event at which it is sealed. Default 5m.", TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), c => c.SealAge, (c, v) => c with { SealAge = v }),
        Time("commitInterval", "Least time between commits to the archive. Default 1s.", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), c => c.CommitInterval, (c, v) => c with { CommitInterval = v }),
        Time("trimDelay", "Time a journal segment is kept after it is archived and verified. Default 10m.", TimeSpan.Zero, TimeSpan.FromDays(365), c => c.TrimDelay, (c, v) => c with { TrimDelay = v }),
        Of("readThroughArchive", "Seal before each read what is not sealed, and read all from the archive: to prove that it serves as the journal does. Default false.", new BooleanType(), c => c.ReadThroughArchive, (c, v) => c with { ReadThroughArchive = v }),
        Time("groupInitialRebalanceDelay", "How long an empty consumer group waits for more members (Kafka's group.initial.rebalance.delay.ms). Default 3s.", TimeSpan.Zero, TimeSpan.FromMinutes(5), c => c.GroupInitialRebalanceDelay, (c, v) => c with { GroupInitialRebalanceDelay = v }),
        Time("groupMinSessionTimeout", "Shortest session time-out that a consumer may ask for (Kafka's group.min.session.timeout.ms). Default 6s.", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(24), c => c.GroupMinSessionTimeout, (c, v) => c with { GroupMinSessionTimeout = v }),
        Time("groupMaxSessionTimeout", "Longest session time-out that a consumer may ask for (Kafka's group.max.session.timeout.ms). Default 30m.", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(24), c => c.GroupMaxSessionTimeout, (c, v) => c with { GroupMaxSessionTimeout = v }),
        Of("groupMaxMembers", "Most members of a consumer group (Kafka's group.max.size). Default 1000.", new CountType(1, 100_000), c => c.GroupMaxMembers, (c, v) => c with { GroupMaxMembers = v }),
        Time("offsetsRetention", "How long commits of a consumer group without members are kept (Kafka's offsets.retention.minutes). Default 7d.", TimeSpan.FromMinutes(1), TimeSpan.FromDays(3650), c => c.OffsetsRetention, (c, v) => c with { OffsetsRetention = v }),
        Of("logFormat", "Log lines on the error stream: text or json. Default text.", new ChoiceType<LogFormat>(), c => c.LogFormat, (c, v) => c with { LogFormat = v }),
        Of("logLevel", "Least level that is logged: trace, debug, information, warning, error, critical, none. Default information.", new ChoiceType<LogLevel>(), c => c.LogLevel, (c, v) => c with { LogLevel = v }),
    ];

    private static NodeSetting<T> Of<T>(string key, string description, SettingType<T> type, Func<NodeConfig, T?> get, Func<NodeConfig, T, NodeConfig> set) =>
        new(key, description, type, get, set);

    private static NodeSetting<long> Bytes(string key, string description, long least, long most, Func<NodeConfig, long> get, Func<NodeConfig, long, NodeConfig> set) =>
        new(key, description, new BytesType(least, most), get, set);

    private static NodeSetting<TimeSpan> Time(string key, string description, TimeSpan least, TimeSpan most, Func<NodeConfig, TimeSpan> get, Func<NodeConfig, TimeSpan, NodeConfig> set) =>
        new(key, description, new DurationType(least, most), get, set);

    private static TextType Folder(string what = "a folder") => new(text => string.IsNullOrWhiteSpace(text) || text.Contains('\0', StringComparison.Ordinal) ? $"it is the path of {what}" : null);

    private static TextType Name() => new(text => text.Length <= 64 && Events.ChannelName.Fault(text) is null ? null : "it has 1 to 64 letters, digits, '.', '_' or '-'");
}
