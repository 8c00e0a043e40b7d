using System.Diagnostics;
using Confluent.Kafka;
using TattleTail.Log;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests.Clients;
using ErrorCode = TattleTail.Spew.Protocol.ErrorCode;

namespace TattleTail.Spew.Tests.Handlers;

public sealed class FetchHandlerTests : IAsyncLifetime
{
    private SpewTestNode _node = null!;
    private KafkaSocket _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await SpewTestNode.StartAsync();
        _client = await KafkaSocket.ConnectAsync(_node.Port);
        await _client.CreateAsync(false, KafkaSocketCalls.Topic("orders", 3));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(11)]
    [InlineData(12)]
    public async Task Fetch_InsideABatch_GivesTheWholeBatch(short version)
    {
        await _client.ProduceAsync("orders", 0, Batches.Of("a", "b", "c"));
        await _client.ProduceAsync("orders", 0, Batches.Of("d"));

        FetchPartitionResponse response = await _client.FetchAsync("orders", 0, 1, version: version, isolation: 1);

        Assert.Equal([(0, "a"), (1, "b"), (2, "c"), (3, "d")], response.Events());
        Assert.Equal((4, 4), (response.HighWatermark, response.LastStableOffset));
        Assert.Empty(response.AbortedTransactions!);
    }

    [Fact]
    public async Task Fetch_MaxBytesBelowTheFirstBatch_GivesItWholeAndNoMore()
    {
        await _client.ProduceAsync("orders", 0, Batches.Of("a", "b"));
        await _client.ProduceAsync("orders", 0, Batches.Of("c"));

        Assert.Equal(["a", "b"], (await _client.FetchAsync("orders", 0, 0, maxBytes: 1)).Events().Select(e => e.Body));
    }

    [Fact]
    public async Task Fetch_AtOrBeyondTheEnds_IsEmptyOrOutOfRange()
    {
        await _client.ProduceAsync("orders", 0, Batches.Of("a"));

        Assert.Equal((ErrorCode.None, 0), ((await _client.FetchAsync("orders", 0, 1)).Error(), (await _client.FetchAsync("orders", 0, 1)).Events().Count));
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await _client.FetchAsync("orders", 0, 2, maxWaitMs: 60_000)).Error());
        Assert.Equal(ErrorCode.OffsetOutOfRange, (await _client.FetchAsync("orders", 0, -5, maxWaitMs: 60_000)).Error());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await _client.FetchAsync("orders", 3, 0, maxWaitMs: 60_000)).Error());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await _client.FetchAsync("nothing", 0, 0, maxWaitMs: 60_000)).Error());
    }

    [Fact]
    public async Task Fetch_WithAnotherLeaderEpoch_IsFencedOrUnknown()
    {
        LogPartition partition = _node.Log.Find("orders")!.Partitions[0];

        Assert.Equal(ErrorCode.None, (await _client.FetchAsync("orders", 0, 0, epoch: partition.LeaderEpoch)).Error());
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, (await _client.FetchAsync("orders", 0, 0, epoch: partition.LeaderEpoch + 1)).Error());
        Assert.Equal(partition.LeaderEpoch > 0 ? ErrorCode.FencedLeaderEpoch : ErrorCode.None, (await _client.FetchAsync("orders", 0, 0, epoch: partition.LeaderEpoch - 1)).Error());
    }

    [Fact]
    public async Task Fetch_AtTheEnd_WaitsForTheNextEventAndNoLonger()
    {
        using KafkaSocket waiting = await KafkaSocket.ConnectAsync(_node.Port);
        Task<FetchPartitionResponse> fetch = waiting.FetchAsync("orders", 1, 0, maxWaitMs: 60_000);
        long started = Stopwatch.GetTimestamp();

        await _client.ProduceAsync("orders", 1, Batches.Of("live"));

        Assert.Equal([(0, "live")], (await fetch).Events());
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Fetch_NothingComes_AnswersWhenTheTimeIsUp()
    {
        long started = Stopwatch.GetTimestamp();

        FetchPartitionResponse response = await _client.FetchAsync("orders", 0, 0, maxWaitMs: 200);

        Assert.Equal((ErrorCode.None, 0), (response.Error(), response.Events().Count));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalMilliseconds, 190, 10_000);
    }

    [Fact]
    public async Task Fetch_WaitsWhileTheNodeStops_IsAnsweredFirst()
    {
        Task<FetchPartitionResponse> fetch = _client.FetchAsync("orders", 0, 0, maxWaitMs: 60_000);
        using KafkaSocket other = await KafkaSocket.ConnectAsync(_node.Port);
        await other.MetadataAsync(12, false, "orders");

        await _node.StopAsync().WaitAsync(TimeSpan.FromSeconds(15));

        Assert.Equal(ErrorCode.None, (await fetch).Error());
    }

    [Fact]
    public async Task Fetch_OfManyPartitions_ListsAllAndServesEachInTurn()
    {
        string body = new('x', 1000);
        for (int p = 0; p < 3; p++)
        {
            for (int i = 0; i < 3; i++)
            {
                await _client.ProduceAsync("orders", p, Batches.Of(body));
            }
        }

        long[] offsets = new long[3];
        for (int round = 0; round < 9; round++)
        {
            FetchResponse response = await _client.FetchAsync(
                KafkaSocketCalls.FetchRequest(0, 1200, 0, ("orders", 0, offsets[0], -1), ("orders", 1, offsets[1], -1), ("orders", 2, offsets[2], -1)));
            FetchPartitionResponse[] all = [.. response.Responses.SelectMany(topic => topic.Partitions)];
            Assert.Equal([0, 1, 2], all.Select(p => p.PartitionIndex));
            Assert.Equal(0, response.SessionId);
            foreach (FetchPartitionResponse partition in all)
            {
                offsets[partition.PartitionIndex] += partition.Events().Count;
            }

            // No partition is more than one batch ahead of another.
            Assert.True(offsets.Max() - offsets.Min() <= 1, string.Join(' ', offsets));
        }

        Assert.Equal([3, 3, 3], offsets);
    }

    [Fact]
    public async Task Fetch_MinBytes_WaitsUntilTheyAreThere()
    {
        using KafkaSocket waiting = await KafkaSocket.ConnectAsync(_node.Port);
        FetchRequest request = KafkaSocketCalls.FetchRequest(60_000, 1_000_000, 0, ("orders", 2, 0, -1));
        request.MinBytes = 3 * Batches.Of("a").Length;
        Task<FetchResponse> fetch = waiting.FetchAsync(request);

        await _client.ProduceAsync("orders", 2, Batches.Of("a"));
        await _client.ProduceAsync("orders", 2, Batches.Of("b"));
        Assert.False(fetch.IsCompleted);
        await _client.ProduceAsync("orders", 2, Batches.Of("c"));

        Assert.Equal(["a", "b", "c"], (await fetch).Responses[0].Partitions[0].Events().Select(e => e.Body));
    }

    [Fact]
    public async Task Fetch_ZstdByAnOldVersion_IsServedAsItIs()
    {
        using (IProducer<byte[]?, byte[]?> producer = ConfluentClient.Producer(_node.Bootstrap, c => c.CompressionType = CompressionType.Zstd))
        {
            await producer.ProduceAsync(new TopicPartition("orders", 0), new Message<byte[]?, byte[]?> { Value = new byte[10_000] });
        }

        await _client.ProduceAsync("orders", 0, Batches.Of("plain"));

        foreach (short version in (short[])[4, 9, 10])
        {
            FetchPartitionResponse fetched = await _client.FetchAsync("orders", 0, 0, version: version);
            Assert.Equal((ErrorCode.None, 2), (fetched.Error(), fetched.Events().Count));
        }
    }

    [Fact]
    public async Task Fetch_WithASessionThatNeverWas_IsToldSo()
    {
        FetchRequest request = KafkaSocketCalls.FetchRequest(0, 1000, 0, ("orders", 0, 0, -1));
        request.SessionId = 77;
        request.SessionEpoch = 1;

        Assert.Equal((short)ErrorCode.FetchSessionIdNotFound, (await _client.FetchAsync(request)).ErrorCode);
    }

    [Fact]
    public async Task Fetch_AfterSealing_GoesOnWithoutASeam()
    {
        for (int i = 0; i < 10; i++)
        {
            await _client.ProduceAsync("orders", 0, Batches.Of($"sealed {i}"));
        }

        await _node.Log.SealAsync("orders");
        await _client.ProduceAsync("orders", 0, Batches.Of("live"));

        var read = new List<string>();
        while (read.Count < 11)
        {
            List<(long Offset, string Body)> events = (await _client.FetchAsync("orders", 0, read.Count)).Events();
            Assert.NotEmpty(events);
            Assert.Equal(read.Count, events[0].Offset);
            read.AddRange(events.Select(e => e.Body));
        }

        Assert.Equal([.. Enumerable.Range(0, 10).Select(i => $"sealed {i}"), "live"], read);
    }

    [Fact]
    public async Task ListOffsets_EveryName_FindsItsOffset()
    {
        await _client.ProduceAsync("orders", 0, Batches.Of(1000, -1, -1, -1, "a", "b"));
        await _client.ProduceAsync("orders", 0, Batches.Of(5000, -1, -1, -1, "c"));
        await _client.ProduceAsync("orders", 0, Batches.Of(2000, -1, -1, -1, "d"));

        Assert.Equal((4, -1), await OffsetAsync(-1));
        Assert.Equal((0, -1), await OffsetAsync(-2));
        Assert.Equal((2, 5000), await OffsetAsync(-3));
        Assert.Equal((0, -1), await OffsetAsync(-4));
        Assert.Equal((-1, -1), await OffsetAsync(-5));
        Assert.Equal((1, 1001), await OffsetAsync(1001));
        Assert.Equal((2, 5000), await OffsetAsync(1002));
        Assert.Equal((-1, -1), await OffsetAsync(5001));
        Assert.Equal((short)ErrorCode.UnsupportedVersion, (await _client.ListOffsetAsync("orders", 0, -3, version: 6)).ErrorCode);
        Assert.Equal((short)ErrorCode.UnsupportedVersion, (await _client.ListOffsetAsync("orders", 0, -4, version: 7)).ErrorCode);
        Assert.Equal((short)ErrorCode.UnsupportedVersion, (await _client.ListOffsetAsync("orders", 0, -5, version: 8)).ErrorCode);
        Assert.Equal((short)ErrorCode.UnknownTopicOrPartition, (await _client.ListOffsetAsync("nothing", 0, -1)).ErrorCode);

        async Task<(long, long)> OffsetAsync(long timestamp)
        {
            ListOffsetsPartitionResponse response = await _client.ListOffsetAsync("orders", 0, timestamp);
            Assert.Equal(0, response.ErrorCode);
            return (response.Offset, response.Timestamp);
        }
    }
}
