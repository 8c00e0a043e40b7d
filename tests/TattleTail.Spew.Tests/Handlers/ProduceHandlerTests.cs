using System.Buffers.Binary;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Tests.Handlers;

public sealed class ProduceHandlerTests : IAsyncLifetime
{
    private SpewTestNode _node = null!;
    private KafkaSocket _client = null!;

    public async ValueTask InitializeAsync()
    {
        _node = await SpewTestNode.StartAsync(new SpewOptions { DefaultPartitions = 2, RequestMemoryBytes = 8 * 1024 * 1024 });
        _client = await KafkaSocket.ConnectAsync(_node.Port);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _node.DisposeAsync();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(11)]
    public async Task Batch_OfEveryVersion_GetsConsecutiveOffsetsAndIsServed(short version)
    {
        ProducePartitionResponse first = await _client.ProduceAsync("orders", 1, Batches.Of("a", "b"), version: version);
        ProducePartitionResponse second = await _client.ProduceAsync("orders", 1, Batches.Of("c"), acks: 1, version: version);

        Assert.Equal((ErrorCode.None, 0L, -1L), (first.Error(), first.BaseOffset, first.LogAppendTimeMs));
        Assert.Equal((ErrorCode.None, 2L), (second.Error(), second.BaseOffset));
        Assert.Equal([(0, "a"), (1, "b"), (2, "c")], (await _client.FetchAsync("orders", 1, 0)).Events());
        Assert.Empty((await _client.FetchAsync("orders", 0, 0)).Events());
    }

    [Fact]
    public async Task Batch_SentTwiceByAProducer_IsRecordedOnceAndKeepsItsOffset()
    {
        byte[] first = Batches.Of(1_700_000_000_000, 4711, 0, 0, "a", "b");
        byte[] second = Batches.Of(1_700_000_000_000, 4711, 0, 2, "c");

        Assert.Equal(0, (await _client.ProduceAsync("orders", 0, first)).BaseOffset);
        Assert.Equal(2, (await _client.ProduceAsync("orders", 0, second)).BaseOffset);
        ProducePartitionResponse again = await _client.ProduceAsync("orders", 0, first);
        ProducePartitionResponse gap = await _client.ProduceAsync("orders", 0, Batches.Of(1_700_000_000_000, 4711, 0, 9, "x"));
        ProducePartitionResponse bumped = await _client.ProduceAsync("orders", 0, Batches.Of(1_700_000_000_000, 4711, 1, 0, "d"));
        ProducePartitionResponse stale = await _client.ProduceAsync("orders", 0, Batches.Of(1_700_000_000_000, 4711, 0, 3, "x"));

        Assert.Equal((ErrorCode.None, 0L), (again.Error(), again.BaseOffset));
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, gap.Error());
        Assert.Equal((ErrorCode.None, 3L), (bumped.Error(), bumped.BaseOffset));
        Assert.Equal(ErrorCode.InvalidProducerEpoch, stale.Error());
        Assert.Equal(["a", "b", "c", "d"], (await _client.FetchAsync("orders", 0, 0)).Events().Select(e => e.Body));
    }

    [Fact]
    public async Task Batch_ThatIsUnsound_IsRefusedWithKafkasCodeAndNothingIsRecorded()
    {
        byte[] good = Batches.Of("a", "b");
        await AssertRefusedAsync(ErrorCode.InvalidRecord, null);
        await AssertRefusedAsync(ErrorCode.InvalidRecord, []);
        await AssertRefusedAsync(ErrorCode.InvalidRecord, [.. good, .. good]);
        await AssertRefusedAsync(ErrorCode.InvalidRecord, good[..^1]);
        await AssertRefusedAsync(ErrorCode.CorruptMessage, Changed(good, batch => batch[^1] ^= 1, sign: false));
        await AssertRefusedAsync(ErrorCode.InvalidRecord, Changed(good, batch => batch[16] = 1, sign: true));
        await AssertRefusedAsync(ErrorCode.InvalidRecord, Changed(good, batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 3), sign: true));
        await AssertRefusedAsync(ErrorCode.InvalidRecord, Changed(good, batch => batch[22] |= 0x20, sign: true));
        await AssertRefusedAsync(ErrorCode.InvalidRecord, Changed(good, batch => batch[22] |= 0x10, sign: true));
        await AssertRefusedAsync(ErrorCode.UnsupportedCompressionType, Changed(good, batch => batch[22] |= 0x04, sign: true), version: 6);
        await AssertRefusedAsync(ErrorCode.UnsupportedCompressionType, Changed(good, batch => batch[22] |= 0x07, sign: true));
        await AssertRefusedAsync(ErrorCode.InvalidTimestamp, Batches.Of(DateTimeOffset.UtcNow.AddHours(2).ToUnixTimeMilliseconds(), -1, -1, -1, "late"));

        Assert.Empty((await _client.FetchAsync("orders", 0, 0)).Events());
    }

    [Fact]
    public async Task Batch_WhoseHeaderTellsOtherTimesThanItsRecords_IsServedWithTheirs()
    {
        byte[] sent = Batches.Of("a", "b");
        byte[] lying = Changed(sent, batch => BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), 5), sign: true);
        byte[] stamped = Changed(sent, batch => batch[22] |= 0x08, sign: true);

        Assert.Equal(ErrorCode.None, (await _client.ProduceAsync("orders", 0, lying)).Error());
        Assert.Equal(ErrorCode.None, (await _client.ProduceAsync("orders", 1, stamped)).Error());

        Assert.Equal(sent[21..], (await _client.FetchAsync("orders", 0, 0)).Records.Batches[0].Batch.ToArray()[21..]);
        Assert.Equal(sent[21..], (await _client.FetchAsync("orders", 1, 0)).Records.Batches[0].Batch.ToArray()[21..]);
    }

    [Fact]
    public async Task Request_AgainstTheRules_IsRefusedPerPartition()
    {
        byte[] good = Batches.Of("a");
        await AssertRefusedAsync(ErrorCode.InvalidRequiredAcks, good, acks: 2);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await _client.ProduceAsync("orders", 2, good)).Error());
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await _client.ProduceAsync("orders", -1, good)).Error());
        Assert.Equal(ErrorCode.InvalidTopic, (await _client.ProduceAsync("or/ders", 0, good)).Error());
        Assert.Equal(ErrorCode.TransactionalIdAuthorizationFailed, (await _client.ProduceAsync("orders", 0, good, transactionalId: "t")).Error());
    }

    [Fact]
    public async Task Batch_AtMaxMessageBytes_IsTakenAndOneByteMoreIsNot()
    {
        byte[] exact = Batches.Of(new string('x', 1000));
        await _client.CreateAsync(false, KafkaSocketCalls.Topic("small", 1, 1, ("max.message.bytes", exact.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))));

        Assert.Equal(ErrorCode.None, (await _client.ProduceAsync("small", 0, exact)).Error());
        Assert.Equal(ErrorCode.MessageTooLarge, (await _client.ProduceAsync("small", 0, Batches.Of(new string('x', 1001)))).Error());
    }

    [Fact]
    public async Task LogAppendTime_OfTheChannel_IsAnsweredAndServed()
    {
        await _client.CreateAsync(false, KafkaSocketCalls.Topic("stamped", 1, 1, ("message.timestamp.type", "LogAppendTime")));

        ProducePartitionResponse response = await _client.ProduceAsync("stamped", 0, Batches.Of("a"));

        Assert.InRange(response.LogAppendTimeMs, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());
        Assert.Equal(response.LogAppendTimeMs, (await _client.ListOffsetAsync("stamped", 0, -3)).Timestamp);
    }

    [Fact]
    public async Task Acks0_GoodBatch_IsRecordedWithoutAnAnswer()
    {
        await _client.SendAsync(_client.Frame(0, 11, KafkaSocketCalls.ProduceRequest("orders", 0, Batches.Of("a"), acks: 0), flexible: true));

        Assert.Equal([(0, "a")], (await _client.FetchAsync("orders", 0, 0)).Events());
    }

    [Fact]
    public async Task Acks0_BadBatch_ClosesTheConnection()
    {
        await _client.SendAsync(_client.Frame(0, 11, KafkaSocketCalls.ProduceRequest("orders", 0, [1, 2, 3], acks: 0), flexible: true));

        Assert.Null(await _client.ReceiveAsync());
        Assert.Contains("waits for no answer", Assert.Single(_node.Lines.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acks0_ClientGoneAtOnce_IsStillRecorded()
    {
        using (KafkaSocket hasty = await KafkaSocket.ConnectAsync(_node.Port))
        {
            await hasty.SendAsync(hasty.Frame(0, 11, KafkaSocketCalls.ProduceRequest("hasty", 0, Batches.Of("a"), acks: 0), flexible: true));
            hasty.EndSending();
            Assert.Null(await hasty.ReceiveAsync());
        }

        Assert.Equal([(0, "a")], (await _client.FetchAsync("hasty", 0, 0)).Events());
    }

    [Fact]
    public async Task RequestMemory_SpentByMany_StillServesAll()
    {
        // Each frame is charged 1 MiB of 4: twelve at once wait for each other and none starves.
        string body = new('x', 700_000);
        await Parallel.ForEachAsync(Enumerable.Range(0, 12), new ParallelOptions { MaxDegreeOfParallelism = 12 }, async (i, _) =>
        {
            using KafkaSocket client = await KafkaSocket.ConnectAsync(_node.Port);
            for (int n = 0; n < 3; n++)
            {
                Assert.Equal(ErrorCode.None, (await client.ProduceAsync("large", 0, Batches.Of(body))).Error());
            }
        });

        Assert.Equal(36, (await _client.ListOffsetAsync("large", 0, -1)).Offset);
    }

    private async Task AssertRefusedAsync(ErrorCode error, byte[]? batch, short acks = -1, short version = 11)
    {
        ProducePartitionResponse response = await _client.ProduceAsync("orders", 0, batch, acks, version);
        Assert.Equal((error, -1L), (response.Error(), response.BaseOffset));
    }

    private static byte[] Changed(byte[] batch, Action<byte[]> change, bool sign)
    {
        byte[] copy = [.. batch];
        change(copy);
        return sign ? Batches.Sign(copy) : copy;
    }
}
