using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Reading: where there is something, where there is nothing, and within limits.</summary>
internal static class FetchScript
{
    private const string Topic = "fetch";
    private const int Enough = 1_000_000;

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync(Topic, 3);
        for (int i = 0; i < 3; i++)
        {
            await ProduceAsync(broker, Topic, 0, Batches.Of($"a{i}", $"b{i}", $"c{i}"));
            await ProduceAsync(broker, Topic, 1, Batches.Of($"d{i}"));
        }

        foreach (short version in (short[])[4, 5, 7, 9, 10, 11, 12])
        {
            await AskAsync(broker, $"fetch, version {version}", Request(Enough, (Topic, 0, 0, -1)), version);
        }

        foreach (long offset in (long[])[4, 8, 9, 10, -1, -2])
        {
            await AskAsync(broker, $"fetch at {offset}", Request(Enough, (Topic, 0, offset, -1)));
        }

        foreach (int bytes in (int[])[0, 1, 100, 150])
        {
            broker.Disconnect();
            await AskAsync(broker, $"fetch {bytes} bytes", Request(bytes, (Topic, 0, 0, -1), (Topic, 1, 0, -1)));
        }

        broker.Disconnect();
        await AskAsync(broker, "fetch with a small limit of the partition", Limited(1));
        await AskAsync(broker, "fetch an empty partition", Request(Enough, (Topic, 2, 0, -1)));
        await AskAsync(broker, "fetch committed", Request(Enough, (Topic, 0, 0, -1)) with { IsolationLevel = 1 });
        await AskAsync(broker, "fetch an unknown partition", Request(Enough, (Topic, 9, 0, -1)));
        await AskAsync(broker, "fetch an unknown topic", Request(Enough, ("fetch-unknown", 0, 0, -1)));
        await AskAsync(broker, "fetch a bad name", Request(Enough, ("a b", 0, 0, -1)));
        await AskAsync(broker, "fetch in the first epoch", Request(Enough, (Topic, 0, 8, broker.FirstEpoch)));
        await AskAsync(broker, "fetch in a later epoch", Request(Enough, (Topic, 0, 8, broker.FirstEpoch + 5)));
        await AskAsync(broker, "fetch nothing", Request(Enough));
        await AskAsync(broker, "fetch as a replica", Request(Enough, (Topic, 0, 8, -1)) with { ReplicaId = 7 });
        await SessionsAsync(broker);
    }

    public static Task FetchAsync(Conversation broker, string step, string topic, int partition) => AskAsync(broker, step, Request(Enough, (topic, partition, 0, -1)));

    public static async Task ProduceAsync(Conversation broker, string topic, int partition, byte[] batch)
    {
        ProduceResponse response = await broker.SendAsync<ProduceRequest, ProduceResponse>(11, KafkaSocketCalls.ProduceRequest(topic, partition, batch, -1));
        Assert.Equal(0, response.Responses.Single().PartitionResponses.Single().ErrorCode);
    }

    private static async Task SessionsAsync(Conversation broker)
    {
        await AskAsync(broker, "fetch of an unknown session", Request(Enough, (Topic, 0, 8, -1)) with { SessionId = 1234, SessionEpoch = 1 });
        await AskAsync(broker, "fetch that ends an unknown session", Request(Enough, (Topic, 0, 8, -1)) with { SessionId = 1234 });
        FetchResponse session = await broker.SendAsync<FetchRequest, FetchResponse>(12, Request(Enough, (Topic, 0, 8, -1)) with { SessionEpoch = 0 });
        broker.Transcript.Add("fetch that begins a session", "session", session.SessionId == 0 ? "none" : "given");
    }

    private static FetchRequest Limited(int bytes)
    {
        FetchRequest request = Request(Enough, (Topic, 0, 0, -1), (Topic, 1, 0, -1));
        foreach (ref FetchPartition partition in request.Topics.Single().Partitions.AsSpan())
        {
            partition.PartitionMaxBytes = bytes;
        }

        return request;
    }

    private static FetchRequest Request(int bytes, params (string Topic, int Partition, long Offset, int Epoch)[] partitions)
    {
        FetchRequest request = KafkaSocketCalls.FetchRequest(0, bytes, 0, partitions);
        return request with { Topics = [.. request.Topics.GroupBy(topic => topic.Topic, StringComparer.Ordinal).Select(same => new FetchTopic { Topic = same.Key, Partitions = [.. same.SelectMany(topic => topic.Partitions)] })] };
    }

    private static Task<FetchResponse> AskAsync(Conversation broker, string step, FetchRequest request, short version = 12) => broker.AskAsync<FetchRequest, FetchResponse>(step, version, request);
}
