using System.Buffers.Binary;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests.Protocol;
using TattleTail.Tests;

namespace TattleTail.Spew.Tests.Connections;

/// <summary>Requests that a client sends before the earlier ones are answered.</summary>
public sealed class PipelinedRequestsTests : IAsyncLifetime
{
    private const string Channel = "orders";

    private SpewTestNode _node = null!;
    private KafkaSocket _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await SpewTestNode.StartAsync();
        _client = await KafkaSocket.ConnectAsync(_node.Port);
        await _client.CreateAsync(false, KafkaSocketCalls.Topic(Channel, 1, 1));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Produce_BehindOneThatWaitsForTheDisk_IsTakenAndAnsweredInOrder()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(5);
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 5, "all are taken");
            Assert.False(_client.HasAnswer);
        }

        await AssertAnsweredAsync(5);
    }

    [Fact]
    public async Task Produce_MoreThanMayWait_AreAllAnsweredInOrder()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(50);
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 16, "as many as may wait are taken");
            await Task.Delay(50);
            Assert.Equal(16, _node.Log.Figures.UnsealedEvents);
        }

        await AssertAnsweredAsync(50);
    }

    [Fact]
    public async Task OtherRequest_BehindProduce_SeesWhatWasProduced()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(3);
            await _client.SendAsync(_client.Frame(1, 12, KafkaSocketCalls.FetchRequest(0, 1_000_000, 0, (Channel, 0, 0, -1)), flexible: true));
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 3, "all are taken");
        }

        await AssertAnsweredAsync(3);
        byte[] answer = (await _client.ReceiveAsync())!;
        Assert.Equal(["0", "1", "2"], WireCase.Decode<FetchResponse>(answer[5..], 12, true).Responses.Single().Partitions.Single().Events().Select(e => e.Body));
    }

    [Fact]
    public async Task ClosingRequest_BehindProduce_LetsThatBeAnsweredFirst()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(2);
            await _client.SendAsync(_client.Frame(0, 11, KafkaSocketCalls.ProduceRequest(Channel, 0, [1, 2, 3], acks: 0), flexible: true));
            await SendAsync(1, first: 2);
        }

        await AssertAnsweredAsync(2);
        Assert.Null(await _client.ReceiveAsync());
    }

    [Fact]
    public async Task Malformed_BehindProduce_LetsThatBeAnsweredFirst()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(2);
            await _client.SendAsync(new byte[] { 0, 0, 0, 20, 77, 77, 0, 0, 0, 0, 0, 0, 0, 0 });
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 2, "both are taken");
        }

        await AssertAnsweredAsync(2);
        Assert.Null(await _client.ReceiveAsync());
    }

    [Fact]
    public async Task Stop_WhileRequestsWait_StillAnswersThem()
    {
        Task stopped;
        using (_node.HoldSyncs())
        {
            await SendAsync(3);
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 3, "all are taken");
            stopped = _node.StopAsync();
        }

        await AssertAnsweredAsync(3);
        await stopped.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Client_GoneWhileRequestsWait_HasItsEventsRecorded()
    {
        using (_node.HoldSyncs())
        {
            await SendAsync(3);
            await Eventually.HoldsAsync(() => _node.Log.Figures.UnsealedEvents == 3, "all are taken");
            _client.Dispose();
        }

        using KafkaSocket other = await KafkaSocket.ConnectAsync(_node.Port);
        await Eventually.HoldsAsync(async () => (await other.ListOffsetAsync(Channel, 0, -1)).Offset == 3, "all are recorded");
        await Eventually.HoldsAsync(() => _node.Handler.Node.RequestMemory.Out == 0, "the requests' memory is given back");
        Assert.Empty(_node.Lines.Lines);
    }

    private async Task SendAsync(int requests, int first = 0)
    {
        for (int i = first; i < first + requests; i++)
        {
            await _client.SendAsync(_client.Frame(0, 11, KafkaSocketCalls.ProduceRequest(Channel, 0, Batches.Of($"{i}"), acks: -1), flexible: true));
        }
    }

    private async Task AssertAnsweredAsync(int requests)
    {
        int correlation = 0;
        for (int i = 0; i < requests; i++)
        {
            byte[] answer = await _client.ReceiveAsync() ?? throw new EndOfStreamException("the node closed the connection");
            Assert.True(BinaryPrimitives.ReadInt32BigEndian(answer) is var id && (correlation == 0 || id == correlation + 1), $"answer {id} after {correlation}");
            correlation = id;
            ProducePartitionResponse partition = WireCase.Decode<ProduceResponse>(answer[5..], 11, true).Responses.Single().PartitionResponses.Single();
            Assert.Equal((ErrorCode.None, i), (partition.Error(), partition.BaseOffset));
        }
    }
}
