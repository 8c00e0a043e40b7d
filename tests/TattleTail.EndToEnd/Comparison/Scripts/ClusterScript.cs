using System.Buffers.Binary;
using TattleTail.Spew.Handlers;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests.Protocol;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>What a broker says of itself, and what it does with requests that it does not know.</summary>
internal static class ClusterScript
{
    public static async Task RunAsync(Conversation broker)
    {
        await AskVersionsAsync(broker);
        await broker.AskAsync<DescribeClusterRequest, DescribeClusterResponse>("cluster", 1, new DescribeClusterRequest { EndpointType = 1 });
        await broker.AskAsync<DescribeClusterRequest, DescribeClusterResponse>("cluster, operations", 1, new DescribeClusterRequest { EndpointType = 1, IncludeClusterAuthorizedOperations = true });
        await broker.AskAsync<DescribeClusterRequest, DescribeClusterResponse>("cluster, controllers", 1, new DescribeClusterRequest { EndpointType = 2 });
        await broker.AskAsync<DescribeClusterRequest, DescribeClusterResponse>("cluster, no such endpoints", 1, new DescribeClusterRequest { EndpointType = 9 });
        await broker.AskAsync<MetadataRequest, MetadataResponse>("cluster metadata, operations", 8, new MetadataRequest { Topics = [], IncludeClusterAuthorizedOperations = true });
        foreach (short version in (short[])[0, 1, 4, 9, 12])
        {
            await broker.AskAsync<MetadataRequest, MetadataResponse>($"cluster metadata, version {version}", version, new MetadataRequest { Topics = version == 0 ? [new MetadataRequestTopic { Name = "nothing" }] : [] });
        }

        await AskCoordinatorsAsync(broker);
    }

    private static async Task AskVersionsAsync(Conversation broker)
    {
        await broker.AskAsync<ApiVersionsRequest, ApiVersionsResponse>("versions", 3, new ApiVersionsRequest { ClientSoftwareName = "script", ClientSoftwareVersion = "1.0" });
        await broker.AskAsync<ApiVersionsRequest, ApiVersionsResponse>("versions, bad name", 3, new ApiVersionsRequest { ClientSoftwareName = "-", ClientSoftwareVersion = "1.0" });
        await broker.AskAsync<ApiVersionsRequest, ApiVersionsResponse>("versions, no version", 3, new ApiVersionsRequest { ClientSoftwareName = "script", ClientSoftwareVersion = "" });
        byte[] frame = await broker.FrameAsync(3, new ApiVersionsRequest { ClientSoftwareName = "script", ClientSoftwareVersion = "1.0" });
        await AskUnknownAsync(broker, "versions, version 99", frame, ApiTable.ApiVersionsKey, 99);
        await AskUnknownAsync(broker, "metadata, version 99", await broker.FrameAsync(12, new MetadataRequest { Topics = [] }), 3, 99);
        await AskUnknownAsync(broker, "produce, version 2", await broker.FrameAsync(3, new ProduceRequest { TopicData = [] }), 0, 2);
        await AskUnknownAsync(broker, "no such api", await broker.FrameAsync(12, new MetadataRequest { Topics = [] }), 9999, 0);
        await AskUnknownAsync(broker, "a response's bytes", [0, 0, 0, 4, 1, 2, 3, 4], 0x0102, 0x0304);
    }

    private static async Task AskUnknownAsync(Conversation broker, string step, byte[] frame, short key, short version)
    {
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), key);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), version);
        byte[]? answer = await broker.SendFrameAsync(frame);
        broker.Transcript.Add(step, "connection", answer is null ? "closed" : "answered");
        if (answer is not null)
        {
            AnswerLines.Write(broker.Transcript, step, 0, WireCase.Decode<ApiVersionsResponse>(answer[4..], 0, false));
        }
    }

    private static async Task AskCoordinatorsAsync(Conversation broker)
    {
        foreach ((sbyte type, string what) in ((sbyte, string)[])[(0, "a group"), (1, "a transaction")])
        {
            // Kafka first creates the topic behind it.
            await broker.UntilAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
                4, new FindCoordinatorRequest { CoordinatorKeys = ["x"], KeyType = type }, response => response.Coordinators.Single().ErrorCode != 15);
            await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>($"coordinator of {what}", 4, new FindCoordinatorRequest { CoordinatorKeys = ["x", "y"], KeyType = type });
            await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>($"coordinator of {what}, version 3", 3, new FindCoordinatorRequest { Key = "x", KeyType = type });
        }

        await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>("coordinator of a group, version 0", 0, new FindCoordinatorRequest { Key = "x" });
        await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>("coordinator of a group without a name", 4, new FindCoordinatorRequest { CoordinatorKeys = [""] });
        await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>("coordinator of nobody", 4, new FindCoordinatorRequest { CoordinatorKeys = [] });
        await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>("coordinator of no such type", 4, new FindCoordinatorRequest { CoordinatorKeys = ["x"], KeyType = 9 });
        await broker.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>("coordinator of a share group, version 5", 5, new FindCoordinatorRequest { CoordinatorKeys = ["x"], KeyType = 2 });
    }
}
