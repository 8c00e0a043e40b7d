using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Creating topics, well and badly, and their metadata.</summary>
internal static class TopicScript
{
    public static async Task RunAsync(Conversation broker)
    {
        await CreateAsync(broker, "create", KafkaSocketCalls.Topic("plain", 2));
        await broker.UntilKnownAsync("plain", 2);
        await CreateAsync(broker, "create, there already", KafkaSocketCalls.Topic("plain", 2));
        await CreateAsync(broker, "create, twice in one request", KafkaSocketCalls.Topic("twice"), KafkaSocketCalls.Topic("twice"));
        await NamesAsync(broker);
        await CountsAsync(broker);
        await ConfigsAsync(broker);
        await AssignmentsAsync(broker);
        await MetadataAsync(broker);
    }

    private static async Task NamesAsync(Conversation broker)
    {
        foreach (string name in (string[])["", ".", "..", "a b", "ä", "a/b", new('x', 250), new('y', 249), "..."])
        {
            await CreateAsync(broker, $"create, name '{(name.Length < 10 ? name : name.Length)}'", KafkaSocketCalls.Topic(name));
        }

        await broker.CreateAsync("col.lide");
        await CreateAsync(broker, "create, name that collides", KafkaSocketCalls.Topic("col_lide"));
        await CreateAsync(broker, "create, internal", KafkaSocketCalls.Topic("__consumer_offsets"));
    }

    private static async Task CountsAsync(Conversation broker)
    {
        foreach (int partitions in (int[])[0, -1, -2])
        {
            await CreateAsync(broker, $"create, {partitions} partitions", KafkaSocketCalls.Topic($"partitions{partitions}", partitions));
        }

        foreach (short replicas in (short[])[0, -1, -2, 2])
        {
            await CreateAsync(broker, $"create, {replicas} replicas", KafkaSocketCalls.Topic($"replicas{replicas}", 1, replicas));
        }

        await CreateAsync(broker, "create, only to validate", true, 7, KafkaSocketCalls.Topic("validated", 3));
        await CreateAsync(broker, "create, only to validate, there already", true, 7, KafkaSocketCalls.Topic("plain", 3));
        await CreateAsync(broker, "create, version 2", false, 2, KafkaSocketCalls.Topic("old", 1));
        await CreateAsync(broker, "create, no topic");
    }

    private static async Task ConfigsAsync(Conversation broker)
    {
        (string Name, string? Value)[] configs =
        [
            ("no.such.config", "1"), ("retention.ms", "x"), ("retention.ms", "-2"), ("retention.ms", "60000"), ("retention.ms", null), ("cleanup.policy", "delete,compact"), ("cleanup.policy", "bogus"),
            ("cleanup.policy", ""), ("max.message.bytes", "-1"), ("max.message.bytes", "2000"), ("message.timestamp.type", "bogus"), ("message.timestamp.type", "LogAppendTime"), ("compression.type", "gzip"),
            ("compression.type", "bogus"), ("compression.type", "producer"), ("segment.bytes", "1048576"), ("min.insync.replicas", "2"), ("min.insync.replicas", "0"), ("retention.bytes", "1000000"), ("", "x"),
        ];
        for (int i = 0; i < configs.Length; i++)
        {
            await CreateAsync(broker, $"create, {configs[i].Name} '{configs[i].Value ?? "null"}'", KafkaSocketCalls.Topic($"configured-{i}", 1, 1, configs[i]));
        }

        await CreateAsync(broker, "create, config twice", KafkaSocketCalls.Topic("configured-twice", 1, 1, ("retention.ms", "60000"), ("retention.ms", "70000")));
    }

    private static async Task AssignmentsAsync(Conversation broker)
    {
        await CreateAsync(broker, "create, assigned", Assigned("assigned", (0, [1]), (1, [1])));
        await CreateAsync(broker, "create, assigned to nobody known", Assigned("assigned-elsewhere", (0, [9])));
        await CreateAsync(broker, "create, assigned with a gap", Assigned("assigned-gap", (0, [1]), (2, [1])));
        await CreateAsync(broker, "create, assigned twice", Assigned("assigned-twice", (0, [1]), (0, [1])));
        await CreateAsync(broker, "create, assigned without replicas", Assigned("assigned-none", (0, [])));
        await CreateAsync(broker, "create, assigned to one broker twice", Assigned("assigned-double", (0, [1, 1])));
        await CreateAsync(broker, "create, assigned and counted", Assigned("assigned-counted", (0, [1])) with { NumPartitions = 1, ReplicationFactor = 1 });
    }

    private static async Task MetadataAsync(Conversation broker)
    {
        foreach (short version in (short[])[1, 5, 9, 12])
        {
            await MetadataAsync(broker, $"metadata, version {version}", version, new MetadataRequestTopic { Name = "plain" });
        }

        foreach (string name in (string[])["unknown", "", "a b", new('x', 250)])
        {
            await MetadataAsync(broker, $"metadata of '{(name.Length < 10 ? name : name.Length)}'", 12, new MetadataRequestTopic { Name = name });
        }

        await MetadataAsync(broker, "metadata of a topic twice", 12, new MetadataRequestTopic { Name = "plain" }, new MetadataRequestTopic { Name = "plain" });
        await MetadataAsync(broker, "metadata of an unknown id", 12, new MetadataRequestTopic { TopicId = Guid.NewGuid() });
        MetadataResponse plain = await broker.SendAsync<MetadataRequest, MetadataResponse>(12, new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "plain" }] });
        await MetadataAsync(broker, "metadata of an id", 12, new MetadataRequestTopic { TopicId = plain.Topics.Single().TopicId });
        await broker.AskAsync<MetadataRequest, MetadataResponse>(
            "metadata, operations", 12, new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "plain" }], IncludeTopicAuthorizedOperations = true });

        await broker.SendAsync<MetadataRequest, MetadataResponse>(12, new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "by-itself" }], AllowAutoTopicCreation = true });
        await broker.UntilKnownAsync("by-itself", 1);
        await MetadataAsync(broker, "metadata of a topic that made itself", 12, new MetadataRequestTopic { Name = "by-itself" });
        await broker.AskAsync<MetadataRequest, MetadataResponse>(
            "metadata, creating a bad name", 12, new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "a b" }], AllowAutoTopicCreation = true });
        MetadataResponse all = await broker.SendAsync<MetadataRequest, MetadataResponse>(12, new MetadataRequest());
        broker.Transcript.Add("metadata of all", "names", string.Join(' ', all.Topics.Where(topic => topic.Name is "plain" or "assigned" or "by-itself" or "old" or "validated" or "twice").Select(topic => $"{topic.Name}:{topic.Partitions.Length}").Order(StringComparer.Ordinal)));
    }

    private static Task<MetadataResponse> MetadataAsync(Conversation broker, string step, short version, params MetadataRequestTopic[] topics) =>
        broker.AskAsync<MetadataRequest, MetadataResponse>(step, version, new MetadataRequest { Topics = topics });

    private static Task<CreateTopicsResponse> CreateAsync(Conversation broker, string step, params CreatableTopic[] topics) => CreateAsync(broker, step, false, 7, topics);

    private static Task<CreateTopicsResponse> CreateAsync(Conversation broker, string step, bool validateOnly, short version, params CreatableTopic[] topics) =>
        broker.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(step, version, new CreateTopicsRequest { Topics = topics, ValidateOnly = validateOnly, TimeoutMs = 10_000 });

    private static CreatableTopic Assigned(string name, params (int Partition, int[] Brokers)[] assignments) => KafkaSocketCalls.Topic(name, -1, -1) with
    {
        Assignments = [.. assignments.Select(a => new CreatableReplicaAssignment { PartitionIndex = a.Partition, BrokerIds = a.Brokers })],
    };
}
