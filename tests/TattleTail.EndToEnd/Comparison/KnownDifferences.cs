namespace TattleTail.EndToEnd.Comparison;

/// <summary>All differences from Kafka that the script can see. An entry that covers none fails the test, as does a difference without an entry.</summary>
internal static class KnownDifferences
{
    private const string NoTransactions = "transactions are refused at once";
    private const string NoEffect = "a topic config that would have no effect here is refused unless it has Kafka's default";
    private const string SetToDefault = "a config that is set to its default is not told from one that is not set";
    private const string NotChanged = "the node's configs are its own and can't be changed";
    private const string NoSynonyms = "no broker config stands behind a topic's, so there are no synonyms";
    private const string NoGroupConfigs = "groups are of the classic protocol and have no configs";
    private const string KeepsAll = "it records everything unless a topic says otherwise";
    private const string AutoCreated = "a topic that creates itself is there with the first answer, also for a producer";
    private const string RefusedBatch = "a refused batch is answered with a code and a text, without offsets and record numbers";
    private const string Clearer = "a code that tells clients more than Kafka's";
    private const string Compaction = "cleanup.policy=compact is only stored and reported";
    private const string WholeBatches = "fetches hold whole batches only, and at least one of each partition that is served";
    private const string OneNode = "one node: there are no replicas";
    private const string StaticAnew = "a static member that comes back with another subscription is assigned anew";

    public static readonly IReadOnlyList<KnownDifference> All =
    [
        .. Versions(),
        new("coordinator of a transaction*", NoTransactions),
        new("producer id, transactional | *", NoTransactions),
        new("produce, transactional *", NoTransactions),

        new("create, name that collides | *", "names collide in Kafka's metrics only"),
        new("create, internal | *", "there is no topic __consumer_offsets"),
        new("create, only to validate | Topics[validated].TopicId", "a topic that is not created has no id"),
        new("create, cleanup.policy '' | *", NoEffect),
        new("create, compression.type 'gzip' | *", NoEffect),
        new("create, segment.bytes '1048576' | *", NoEffect),
        new("create, min.insync.replicas '2' | *", NoEffect),
        new("create, retention.bytes '1000000' | *", NoEffect),
        new("alter compression.type to 'gzip' | *", NoEffect),
        new("6. operation 1 on no.such.config with 'null' | *", Clearer),
        new("5. operation 9 on retention.ms with '1' | *", Clearer),
        new("*.Configs[retention.ms].Value", KeepsAll),
        new("create, compression.type 'producer' | *.ConfigSource", SetToDefault),
        new("describe after operations | *.Configs[cleanup.policy].ConfigSource", SetToDefault),
        new("*.Configs[min.insync.replicas].ConfigSource", OneNode),
        new("describe *Synonyms*", NoSynonyms),
        new("describe the broker | *.ConfigSource", NotChanged),
        new("describe the broker | *.ReadOnly", NotChanged),
        new("describe the broker | *[group.max.size].Value", "groups have limits"),
        new("describe the broker | *[log.retention.ms].Value", KeepsAll),
        new("describe all brokers | *", NotChanged),
        new("describe a group | *", NoGroupConfigs),
        new("alter the broker | *", NotChanged),
        new("an operation on *the broker | *", NotChanged),
        new("an operation on a known config of the broker | *", NotChanged),
        new("describe *.AuthorizedOperations", NoGroupConfigs),
        new("*: describe*.AuthorizedOperations", NoGroupConfigs),

        new("cluster metadata, version 0 | *", AutoCreated),
        new("produce, unknown topic | *", AutoCreated),
        new("produce, bad name | *.ErrorCode", Clearer),
        new("produce, *.LogStartOffset", RefusedBatch),
        new("produce*RecordErrors*", RefusedBatch),
        new("produce, magic 3 | *.ErrorCode", Clearer),
        new("produce, not compressed as said | *.ErrorCode", Clearer),
        new("produce, unknown compression | *.ErrorCode", Clearer),
        new("sequence: *.LogStartOffset", RefusedBatch),
        new("sequence: * again | *.LogAppendTimeMs", "a batch that is sent again is answered as it was the first time"),
        new("sequence: no epoch | *.ErrorCode", Clearer),
        new("produce, base offset 5 | *", "the base offset of a producer's batch means nothing and is not looked at"),
        new("produce without a key to a compacted topic | *", Compaction),

        new("fetch *0 bytes | *", WholeBatches),
        new("fetch with a small limit of the partition | *", WholeBatches),
        new("fetch an unknown * | *.AbortedTransactions*", NoTransactions),
        new("fetch a bad name | *.AbortedTransactions*", NoTransactions),
        new("fetch as a replica | *", OneNode),
        new("fetch that begins a session | session", "there are no fetch sessions; every answer lists all partitions"),
        new("largest time when all is deleted | *", "the largest time is that of an event that is served"),

        new("describe a group that nobody has joined quite | *.GroupState", "a group is there as soon as somebody has asked to join") { MayBeMissing = true },
        new("commit in generation 1 to an unknown group | *", "ILLEGAL_GENERATION, which makes any client join again"),
        new("static: come back with other topics | *", StaticAnew),
    ];

    private static IEnumerable<KnownDifference> Versions()
    {
        const string newer = "a version that adds nothing that is served here";
        const string other = "an api of replicas, transactions, ACLs, quotas, tokens, KRaft, telemetry or of groups of other kinds";
        int[] newerThanServed = [0, 1, 2, 3, 10, 15, 60];
        int[] notServed =
        [
            24, 25, 26, 27, 28, 29, 30, 31, 34, 35, 38, 39, 40, 41, 43, 45, 46, 48, 49, 50, 51, 55, 57, 61, 64, 65, 66, 68, 69, 74, 75, 76, 77, 78, 79, 80, 81, 83, 84, 85, 86, 87, 90, 91, 92,
        ];
        return
        [
            new("versions | ApiKeys.Length", other),
            .. newerThanServed.Select(key => new KnownDifference($"versions | ApiKeys[{key}].MaxVersion", newer)),
            .. notServed.Select(key => new KnownDifference($"versions | ApiKeys[{key}].*", other)),
        ];
    }
}
