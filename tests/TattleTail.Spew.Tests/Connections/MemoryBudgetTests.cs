using System.Buffers.Binary;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Connections;

/// <summary>What all connections may hold together: who comes when it is spent waits, and goes on when it is given back.</summary>
public sealed class MemoryBudgetTests
{
    private const int MiB = 1024 * 1024;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RequestMemory_HeldByASlowRequest_IsWaitedForAndGivenBack(bool dies)
    {
        // Half of it is for decompression.
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(new SpewOptions { RequestMemoryBytes = 8 * MiB });
        using KafkaSocket slow = await KafkaSocket.ConnectAsync(node.Port);
        using KafkaSocket other = await KafkaSocket.ConnectAsync(node.Port);
        byte[] request = new byte[4 + (4 * MiB)];
        BinaryPrimitives.WriteInt32BigEndian(request, 4 * MiB);
        request[5] = 18;
        await slow.SendAsync(request.AsMemory(0, 100));
        await Eventually.HoldsAsync(() => node.RequestMemory.Out == 4 * MiB, "the slow request to hold all");

        Task<ApiVersionsResponse> waiting = other.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(18, 0, default, flexible: false, taggedHeader: false);
        await Eventually.HoldsAsync(() => node.RequestMemory.Waiting == 1, "the other request to wait");
        Assert.Equal((4 * MiB, false), (node.RequestMemory.Out, waiting.IsCompleted));
        if (dies)
        {
            slow.Dispose();
        }
        else
        {
            await slow.SendAsync(request.AsMemory(100));
            Assert.NotNull(await slow.ReceiveAsync());
        }

        Assert.Equal(0, (await waiting).ErrorCode);
        await Eventually.HoldsAsync(() => node.RequestMemory.Out == 0, "all memory to be given back");
    }

    [Fact]
    public async Task RequestMemory_WaiterDies_WaitsNoLonger()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(new SpewOptions { RequestMemoryBytes = 8 * MiB });
        await node.RequestMemory.AcquireAsync(4 * MiB, default);
        using (KafkaSocket gone = await KafkaSocket.ConnectAsync(node.Port))
        {
            await gone.SendAsync(gone.Frame(18, 0, default(ApiVersionsRequest), flexible: false));
            await Eventually.HoldsAsync(() => node.RequestMemory.Waiting == 1, "the request to wait");
        }

        node.RequestMemory.Release(4 * MiB);
        await Eventually.HoldsAsync(() => node.RequestMemory is { Out: 0, Waiting: 0 }, "nothing to be held");
    }

    [Fact]
    public async Task FetchMemory_NearlySpent_ServesWhoAsksForLittleOfEachPartition()
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(new SpewOptions { FetchMemoryBytes = 16 * MiB });
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        await client.ProduceAsync("small", 0, Batches.Of("a"));
        await node.FetchMemory.AcquireAsync(14 * MiB, default);
        FetchRequest request = KafkaSocketCalls.FetchRequest(0, 50 * MiB, 0, ("small", 0, 0, -1));
        request.Topics[0].Partitions[0].PartitionMaxBytes = MiB;

        FetchResponse answer = await client.FetchAsync(request);

        Assert.Equal([(0, "a")], answer.Responses.Single().Partitions.Single().Events());
        await Eventually.HoldsAsync(() => node.FetchMemory.Out == 14 * MiB, "what was read to be given back");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FetchMemory_HeldByASlowReader_IsWaitedForAndGivenBack(bool dies)
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(new SpewOptions { FetchMemoryBytes = 16 * MiB });
        using KafkaSocket slow = await StartSlowFetchAsync(node, maxBytes: 16 * MiB);
        using KafkaSocket other = await KafkaSocket.ConnectAsync(node.Port);
        await other.ProduceAsync("small", 0, Batches.Of("a"));

        Task<FetchPartitionResponse> waiting = other.FetchAsync("small", 0, 0, maxBytes: 8 * MiB);
        await Eventually.HoldsAsync(() => node.FetchMemory.Waiting == 1, "the other fetch to wait");
        Assert.False(waiting.IsCompleted);
        using KafkaSocket producer = await KafkaSocket.ConnectAsync(node.Port);
        Assert.Equal(ErrorCode.None, (await producer.ProduceAsync("small", 0, Batches.Of("b"))).Error());
        if (dies)
        {
            slow.Dispose();
        }
        else
        {
            Assert.NotNull(await slow.ReceiveAsync());
        }

        Assert.Equal((0, "a"), (await waiting).Events()[0]);
        await Eventually.HoldsAsync(() => node.FetchMemory.Out == 0, "all memory to be given back");
    }

    /// <summary>A client that asks for one byte is given a whole batch, and that is what the node holds for it.</summary>
    [Fact]
    public async Task FetchMemory_BatchLargerThanAskedFor_CountsWhole()
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(new SpewOptions { FetchMemoryBytes = 16 * MiB });
        using KafkaSocket slow = await StartSlowFetchAsync(node, maxBytes: 1);

        slow.Dispose();
        await Eventually.HoldsAsync(() => node.FetchMemory.Out == 0, "all memory to be given back");
    }

    /// <summary>A client that has asked for 10 MB, and does not read.</summary>
    private static async Task<KafkaSocket> StartSlowFetchAsync(SpewTestNode node, int maxBytes)
    {
        KafkaSocket slow = await KafkaSocket.ConnectAsync(node.Port, receiveBytes: 4096);
        await slow.CreateAsync(false, KafkaSocketCalls.Topic("large", 1, 1, ("max.message.bytes", "20000000")));
        await slow.ProduceAsync("large", 0, Batches.Of(new string('x', 10_000_000)));
        Assert.Equal(0, node.FetchMemory.Out);
        await slow.SendAsync(slow.Frame(1, 12, KafkaSocketCalls.FetchRequest(0, maxBytes, 0, ("large", 0, 0, -1)), flexible: true));
        await Eventually.HoldsAsync(() => node.FetchMemory.Out is >= 10_000_000 and < 16 * MiB, "the answer to be read for the client");
        return slow;
    }
}
