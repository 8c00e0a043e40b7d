namespace TattleTail.Server.Configuration;

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>One line of text each.</summary>
    Text,

    /// <summary>One JSON object a line.</summary>
    Json,
}

/// <summary>
/// All settings of a node. Made by <see cref="NodeConfigLoader"/> from <c>tattletail.json</c>, <c>TATTLETAIL_*</c> and flags, each checked; described for users in docs/configuration.md.
/// </summary>
public sealed record NodeConfig
{
    /// <summary>The folder of journal, archive and lock. Default <c>./tattletail-data</c>.</summary>
    public string DataFolder { get; init; } = "./tattletail-data";

    /// <summary>Where Kafka clients connect. Default <c>127.0.0.1:9092</c>.</summary>
    public HostPort Kafka { get; init; } = new("127.0.0.1", 9092);

    /// <summary>Where HTTP clients connect. Default <c>127.0.0.1:8080</c>.</summary>
    public HostPort Http { get; init; } = new("127.0.0.1", 8080);

    /// <summary>What Kafka clients are told to connect to; null: the address on which they came in.</summary>
    public HostPort? KafkaAdvertise { get; init; }

    /// <summary>Allows addresses beyond loopback although nobody is asked who they are. Default false.</summary>
    public bool Insecure { get; init; }

    /// <summary>The folder of the archive; null: <c>archive</c> in the data folder.</summary>
    public string? Archive { get; init; }

    /// <summary>The node's name in the archive's store. Default <c>node-1</c>.</summary>
    public string NodeName { get; init; } = "node-1";

    /// <summary>Unknown channels are created by whoever publishes to them. Default true.</summary>
    public bool AutoCreateChannels { get; init; } = true;

    /// <summary>Partitions of a channel that is created without a number. Default 1.</summary>
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Most channels. Default 10,000.</summary>
    public int MaxChannels { get; init; } = 10_000;

    /// <summary>Largest event over HTTP, in bytes as it is sent: a line of NDJSON, an element of a batch, a structured or binary body. Default 1 MiB.</summary>
    public int MaxEventBytes { get; init; } = 1024 * 1024;

    /// <summary>Largest HTTP body that is taken whole (binary, structured, batch), in bytes; NDJSON is streamed and may be longer. Default 16 MiB.</summary>
    public int HttpMaxBodyBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Most connections at once, Kafka and HTTP together. Default 10,000.</summary>
    public int MaxConnections { get; init; } = 10_000;

    /// <summary>Largest Kafka request in bytes. Default 100 MiB.</summary>
    public int KafkaMaxRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Bytes of Kafka requests and their decompression in flight in the process. Default 256 MiB.</summary>
    public long KafkaRequestMemoryBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Bytes read for Kafka consumers and not yet taken by them, in the process. Default 128 MiB.</summary>
    public long KafkaFetchMemoryBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Journal bytes at which acknowledgements stop; they slow from 80 % on. Default 20 GiB.</summary>
    public long JournalQuotaBytes { get; init; } = 20L * 1024 * 1024 * 1024;

    /// <summary>Bytes of a journal segment. Default 64 MiB.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Journal bytes between snapshots of the node's state. Default 256 MiB.</summary>
    public long SnapshotBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Estimated Parquet bytes at which a channel is sealed. Default 128 MiB.</summary>
    public long SealBytes { get; init; } = 128L * 1024 * 1024;

    /// <summary>Age of a channel's oldest unsealed event at which it is sealed. Default 5 min.</summary>
    public TimeSpan SealAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Least time between commits to the archive. Default 1 s.</summary>
    public TimeSpan CommitInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time a journal segment is kept after all of it is archived and verified. Default 10 min.</summary>
    public TimeSpan TrimDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The file of the users who may log in; null: everybody may do everything.</summary>
    public string? Users { get; init; }

    /// <summary>The certificate, and its chain, that Kafka and HTTP clients are shown, in PEM; null: no TLS.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The certificate's key in PEM, when it is in a file of its own.</summary>
    public string? TlsKey { get; init; }

    /// <summary>How long a CloudEvent that is posted again is known again. Default 10 min.</summary>
    public TimeSpan DedupeWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Everything is read through the archive, sealed before it is read. Default false.</summary>
    public bool ReadThroughArchive { get; init; }

    /// <summary><c>max.message.bytes</c> of channels created without it. Default 1,048,588.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary>How long an empty consumer group waits for more members. Default 3 s.</summary>
    public TimeSpan GroupInitialRebalanceDelay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Shortest session time-out of a group's member. Default 6 s.</summary>
    public TimeSpan GroupMinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Longest session time-out of a group's member. Default 30 min.</summary>
    public TimeSpan GroupMaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Most members of a consumer group. Default 1,000.</summary>
    public int GroupMaxMembers { get; init; } = 1_000;

    /// <summary>How long commits of a group without members are kept. Default 7 days.</summary>
    public TimeSpan OffsetsRetention { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How log lines look on the error stream. Default text.</summary>
    public LogFormat LogFormat { get; init; } = LogFormat.Text;

    /// <summary>The least level that is logged. Default Information.</summary>
    public Microsoft.Extensions.Logging.LogLevel LogLevel { get; init; } = Microsoft.Extensions.Logging.LogLevel.Information;

    /// <summary>Where each setting that is not a default came from, by key.</summary>
    public IReadOnlyDictionary<string, string> Origins { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder of the archive, resolved.</summary>
    public string ArchiveFolder => Archive ?? Path.Combine(DataFolder, "archive");

    /// <summary>Every setting with its value (secrets hidden) and its origin, in the order of the documentation.</summary>
    public IReadOnlyList<ShownSetting> Redacted() =>
        [.. NodeSettings.All.Select(s => new ShownSetting(s.Key, s.IsSecret ? "(hidden)" : s.Show(this), Origins.GetValueOrDefault(s.Key, "default")))];
}

/// <summary>A setting as it is shown to people.</summary>
/// <param name="Key">Its key in <c>tattletail.json</c>.</param>
/// <param name="Value">Its value as it would be written there; null when there is none.</param>
/// <param name="Origin"><c>default</c>, a file, a variable or a flag.</param>
public sealed record ShownSetting(string Key, string? Value, string Origin);
