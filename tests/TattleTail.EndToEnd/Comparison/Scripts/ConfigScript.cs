using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Configs of topics and of the broker: described and changed.</summary>
internal static class ConfigScript
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;
    private const string Name = "configs";

    private static readonly string[] Honoured = ["cleanup.policy", "max.message.bytes", "message.timestamp.type", "retention.ms"];

    private static readonly string[] OfBrokers =
    [
        "auto.create.topics.enable", "default.replication.factor", "delete.topic.enable", "group.initial.rebalance.delay.ms", "group.max.session.timeout.ms", "group.max.size",
        "group.min.session.timeout.ms", "log.cleanup.policy", "log.retention.ms", "message.max.bytes", "min.insync.replicas", "node.id", "num.partitions", "offset.metadata.max.bytes",
        "offsets.retention.minutes", "socket.request.max.bytes",
    ];

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync(Name);
        await DescribeAsync(broker, "describe a topic", Topic, Name, null);
        await DescribeAsync(broker, "describe one config", Topic, Name, ["retention.ms", "no.such.config"]);
        await DescribeAsync(broker, "describe no config", Topic, Name, []);
        await DescribeAsync(broker, "describe an unknown topic", Topic, "unknown", null);
        await DescribeAsync(broker, "describe a bad name", Topic, "a b", null);
        await DescribeAsync(broker, "describe the broker", Broker, "1", OfBrokers);
        await DescribeAsync(broker, "describe all brokers", Broker, "", OfBrokers);
        await DescribeAsync(broker, "describe another broker", Broker, "9", OfBrokers);
        await DescribeAsync(broker, "describe a broker that is no number", Broker, "x", OfBrokers);
        await DescribeAsync(broker, "describe no such thing", 0, Name, null);
        await DescribeAsync(broker, "describe a group", 32, "group", []);
        await AlterAsync(broker);
        await AlterSomeAsync(broker);
    }

    private static async Task AlterAsync(Conversation broker)
    {
        (string Name, string? Value)[] bad = [("no.such.config", "1"), ("retention.ms", "x"), ("retention.ms", null), ("compression.type", "gzip"), ("cleanup.policy", "bogus"), ("", "x")];
        foreach ((string name, string? value) in bad)
        {
            await AlterAsync(broker, $"alter {name} to '{value ?? "null"}'", Topic, Name, (name, value));
        }

        await AlterAsync(broker, "alter twice", Topic, Name, ("retention.ms", "1000"), ("retention.ms", "2000"));
        await AlterAsync(broker, "alter an unknown topic", Topic, "unknown", ("retention.ms", "1000"));
        await AlterAsync(broker, "alter the broker", Broker, "1", ("log.cleaner.threads", "2"));
        await AlterAsync(broker, "alter no such thing", 0, Name, ("retention.ms", "1000"));
        await broker.AskAsync<AlterConfigsRequest, AlterConfigsResponse>("alter, only to validate", 2, Request(Topic, Name, ("retention.ms", "999")) with { ValidateOnly = true });
        await AlterAsync(broker, "alter", Topic, Name, ("retention.ms", "60000"), ("max.message.bytes", "5000"));
        await DescribeChangedAsync(broker, "describe after alter", "60000");
        await AlterAsync(broker, "alter again, with the rest left to defaults", Topic, Name, ("retention.ms", "70000"));
        await DescribeChangedAsync(broker, "describe after alter again", "70000");
    }

    private static async Task AlterSomeAsync(Conversation broker)
    {
        const sbyte set = 0, delete = 1, append = 2, subtract = 3;
        (sbyte Operation, string Name, string? Value)[] steps =
        [
            (set, "no.such.config", "1"), (set, "retention.ms", "x"), (set, "retention.ms", null), (append, "retention.ms", "1"), (subtract, "retention.ms", "1"), (9, "retention.ms", "1"),
            (delete, "no.such.config", null), (append, "cleanup.policy", "bogus"), (append, "cleanup.policy", null), (set, "segment.bytes", "1048576"), (delete, "segment.bytes", null),
            (set, "cleanup.policy", "compact"), (append, "cleanup.policy", "delete"), (append, "cleanup.policy", "delete"), (subtract, "cleanup.policy", "compact"), (subtract, "cleanup.policy", "compact"),
            (delete, "max.message.bytes", "1"), (set, "message.timestamp.type", "LogAppendTime"),
        ];
        for (int i = 0; i < steps.Length; i++)
        {
            await SomeAsync(broker, $"{i}. operation {steps[i].Operation} on {steps[i].Name} with '{steps[i].Value ?? "null"}'", Topic, Name, steps[i]);
        }

        await SomeAsync(broker, "two operations on one config", Topic, Name, (set, "retention.ms", "1"), (set, "retention.ms", "2"));
        await SomeAsync(broker, "an operation on an unknown topic", Topic, "unknown", (set, "retention.ms", "1"));
        await SomeAsync(broker, "an operation on the broker", Broker, "1", (set, "no.such.config", "1"));
        await SomeAsync(broker, "an operation on a known config of the broker", Broker, "1", (set, "log.cleaner.threads", "2"));
        await SomeAsync(broker, "an operation on no such thing", 0, Name, (set, "retention.ms", "1"));
        await SomeAsync(broker, "last operation", Topic, Name, (set, "retention.ms", "80000"));
        await DescribeChangedAsync(broker, "describe after operations", "80000");
    }

    private static Task<AlterConfigsResponse> AlterAsync(Conversation broker, string step, sbyte type, string name, params (string Name, string? Value)[] configs) =>
        broker.AskAsync<AlterConfigsRequest, AlterConfigsResponse>(step, 2, Request(type, name, configs));

    private static AlterConfigsRequest Request(sbyte type, string name, params (string Name, string? Value)[] configs) => new()
    {
        Resources = [new AlterConfigsResource { ResourceType = type, ResourceName = name, Configs = [.. configs.Select(c => new ConfigSetting { Name = c.Name, Value = c.Value })] }],
    };

    private static Task<IncrementalAlterConfigsResponse> SomeAsync(Conversation broker, string step, sbyte type, string name, params (sbyte Operation, string Name, string? Value)[] operations) =>
        broker.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(step, 1, new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new IncrementalAlterConfigsResource
                {
                    ResourceType = type,
                    ResourceName = name,
                    Configs = [.. operations.Select(o => new IncrementalAlterableConfig { Name = o.Name, ConfigOperation = o.Operation, Value = o.Value })],
                },
            ],
        });

    private static async Task DescribeChangedAsync(Conversation broker, string step, string retention)
    {
        await broker.UntilAsync<DescribeConfigsRequest, DescribeConfigsResponse>(
            4, Describe(Topic, Name, Honoured), response => response.Results.Single().Configs.Single(config => config.Name == "retention.ms").Value == retention);
        await DescribeAsync(broker, step, Topic, Name, Honoured);
    }

    private static Task<DescribeConfigsResponse> DescribeAsync(Conversation broker, string step, sbyte type, string name, string[]? keys) =>
        broker.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(step, 4, Describe(type, name, keys));

    private static DescribeConfigsRequest Describe(sbyte type, string name, string[]? keys) => new()
    {
        Resources = [new DescribeConfigsResource { ResourceType = type, ResourceName = name, ConfigurationKeys = keys }],
        IncludeSynonyms = true,
    };
}
