using System.Buffers.Binary;
using TattleTail.Spew.Connections;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Connections;

/// <summary>A client that does not go on: its connection ends at the limit and not a moment before, and harms no other.</summary>
public sealed class ConnectionWatchTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly HandClock _clock = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connection_IdleForTheLimit_IsClosedThen(bool afterARequest)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(clock: _clock);
        using KafkaSocket idle = await KafkaSocket.ConnectAsync(node.Port);
        if (afterARequest)
        {
            await AskAsync(idle);
        }

        Assert.Equal(TimeSpan.FromMinutes(10), ConnectionWatch.IdleLimit);
        await AssertClosedAtAsync(ConnectionWatch.IdleLimit, idle);
    }

    [Fact]
    public async Task Connection_AsksWithinTheIdleLimit_GetsAnother()
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(clock: _clock);
        using KafkaSocket client = await KafkaSocket.ConnectAsync(node.Port);
        for (int i = 0; i < 3; i++)
        {
            await SetAsync(ConnectionWatch.IdleLimit);
            _clock.Advance(ConnectionWatch.IdleLimit - Moment);
            await AskAsync(client);
        }
    }

    [Theory]
    [InlineData(3, 30)]
    [InlineData(8, 30)]
    [InlineData(12, 30)]
    [InlineData(5_000, 30)]
    [InlineData(4 + 131_072, 30 + 2)]
    public async Task Request_NotWholeAtTheLimit_ClosesTheConnection(int sent, int seconds)
    {
        await using SpewTestNode node = await SpewTestNode.StartWithoutLogAsync(clock: _clock);
        using KafkaSocket slow = await KafkaSocket.ConnectAsync(node.Port);
        byte[] frame = new byte[4 + (1024 * 1024)];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        frame[5] = 18;

        await slow.SendAsync(frame.AsMemory(0, sent));

        await AssertClosedAtAsync(TimeSpan.FromSeconds(seconds), slow);
        await Eventually.HoldsAsync(() => node.RequestMemory.Out == 0, "the request's memory to be given back");
        using KafkaSocket other = await KafkaSocket.ConnectAsync(node.Port);
        await AskAsync(other);
    }

    [Fact]
    public async Task Answer_NotTakenAtTheLimit_ClosesTheConnectionAndGivesItsMemoryBack()
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(clock: _clock);
        using KafkaSocket slow = await KafkaSocket.ConnectAsync(node.Port, receiveBytes: 4096);
        await slow.CreateAsync(false, KafkaSocketCalls.Topic("large", 1, 1, ("max.message.bytes", "20000000")));
        await slow.ProduceAsync("large", 0, Batches.Of(new string('x', 10_000_000)));

        await slow.SendAsync(slow.Frame(1, 12, KafkaSocketCalls.FetchRequest(0, 16_000_000, 0, ("large", 0, 0, -1)), flexible: true));

        Assert.Equal(TimeSpan.FromSeconds(60), ConnectionWatch.SendLimit(65_535));
        TimeSpan limit = ConnectionWatch.SendLimit(10_000_000);
        Assert.Equal(TimeSpan.FromSeconds(60 + 152), limit);
        await SetAsync(limit);
        _clock.Advance(limit - Moment);
        Assert.Equal([Moment], _clock.Left);
        Assert.True(node.FetchMemory.Out > 10_000_000);
        _clock.Advance(Moment);
        await Eventually.HoldsAsync(() => node.FetchMemory.Out == 0, "the answer's memory to be given back");
        Assert.True(await Record.ExceptionAsync(async () => Assert.Null(await slow.ReceiveAsync())) is null or EndOfStreamException, "the answer is cut off");
        using KafkaSocket other = await KafkaSocket.ConnectAsync(node.Port);
        await AskAsync(other);
    }

    private static async Task AskAsync(KafkaSocket client) =>
        Assert.Equal(0, (await client.AskAsync<ApiVersionsRequest, ApiVersionsResponse>(18, 0, default, flexible: false, taggedHeader: false)).ErrorCode);

    /// <summary>Waits until the one connection is given so much time.</summary>
    private Task SetAsync(TimeSpan limit) => Eventually.HoldsAsync(() => _clock.Left is [var left] && left == limit, $"a timer of {limit}");

    private async Task AssertClosedAtAsync(TimeSpan limit, KafkaSocket client)
    {
        Task<byte[]?> closed = client.ReceiveAsync();
        await SetAsync(limit);
        _clock.Advance(limit - Moment);
        Assert.Equal([Moment], _clock.Left);
        Assert.False(closed.IsCompleted);
        _clock.Advance(Moment);
        Assert.Null(await closed);
    }
}
