using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>More partitions, and the end of topics.</summary>
internal static class TopicChangeScript
{
    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync("grows", 2);
        foreach (int count in (int[])[2, 1, 0, -1])
        {
            await GrowAsync(broker, $"grow to {count}", new CreatePartitionsTopic { Name = "grows", Count = count });
        }

        await GrowAsync(broker, "grow, unknown topic", new CreatePartitionsTopic { Name = "unknown", Count = 3 });
        await GrowAsync(broker, "grow, bad name", new CreatePartitionsTopic { Name = "a b", Count = 3 });
        await GrowAsync(broker, "grow, twice in one request", new CreatePartitionsTopic { Name = "grows", Count = 3 }, new CreatePartitionsTopic { Name = "grows", Count = 4 });
        await GrowAsync(broker, "grow, assigned elsewhere", new CreatePartitionsTopic { Name = "grows", Count = 3, Assignments = [new CreatePartitionsAssignment { BrokerIds = [9] }] });
        await GrowAsync(broker, "grow, assigned too few", new CreatePartitionsTopic { Name = "grows", Count = 4, Assignments = [new CreatePartitionsAssignment { BrokerIds = [1] }] });
        await GrowAsync(broker, "grow, assigned to none", new CreatePartitionsTopic { Name = "grows", Count = 3, Assignments = [] });
        await broker.AskAsync<CreatePartitionsRequest, CreatePartitionsResponse>(
            "grow, only to validate", 3, new CreatePartitionsRequest { Topics = [new CreatePartitionsTopic { Name = "grows", Count = 5 }], ValidateOnly = true, TimeoutMs = 10_000 });
        await GrowAsync(broker, "grow", new CreatePartitionsTopic { Name = "grows", Count = 3 });
        await broker.UntilKnownAsync("grows", 3);
        await GrowAsync(broker, "grow, assigned", new CreatePartitionsTopic { Name = "grows", Count = 4, Assignments = [new CreatePartitionsAssignment { BrokerIds = [1] }] });
        await broker.UntilKnownAsync("grows", 4);
        await DeleteAsync(broker);
    }

    private static async Task DeleteAsync(Conversation broker)
    {
        MetadataResponse grown = await broker.SendAsync<MetadataRequest, MetadataResponse>(12, new MetadataRequest { Topics = [new MetadataRequestTopic { Name = "grows" }] });
        Guid id = grown.Topics.Single().TopicId;
        await DeleteAsync(broker, "delete, unknown", new DeleteTopicState { Name = "unknown" });
        await DeleteAsync(broker, "delete, bad name", new DeleteTopicState { Name = "a b" });
        await DeleteAsync(broker, "delete, unknown id", new DeleteTopicState { TopicId = Guid.NewGuid() });
        await DeleteAsync(broker, "delete, neither name nor id", new DeleteTopicState());
        await DeleteAsync(broker, "delete, name and id", new DeleteTopicState { Name = "grows", TopicId = id });
        await DeleteAsync(broker, "delete, twice in one request", new DeleteTopicState { Name = "grows" }, new DeleteTopicState { Name = "grows" });
        await DeleteAsync(broker, "delete, name and id apart", new DeleteTopicState { Name = "grows" }, new DeleteTopicState { TopicId = id });
        await DeleteAsync(broker, "delete, by id", new DeleteTopicState { TopicId = id });
        await broker.UntilUnknownAsync("grows");
        await broker.CreateAsync("grows");
        await broker.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>("delete, version 5", 5, new DeleteTopicsRequest { TopicNames = ["grows", "unknown"], TimeoutMs = 10_000 });
        await broker.UntilUnknownAsync("grows");
    }

    private static Task<CreatePartitionsResponse> GrowAsync(Conversation broker, string step, params CreatePartitionsTopic[] topics) =>
        broker.AskAsync<CreatePartitionsRequest, CreatePartitionsResponse>(step, 3, new CreatePartitionsRequest { Topics = topics, TimeoutMs = 10_000 });

    private static Task<DeleteTopicsResponse> DeleteAsync(Conversation broker, string step, params DeleteTopicState[] topics) =>
        broker.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(step, 6, new DeleteTopicsRequest { Topics = topics, TimeoutMs = 10_000 });
}
