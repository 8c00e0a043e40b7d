using System.Text;
using CsCheck;
using TattleTail.Events;

namespace TattleTail.Log.Tests.Appending;

public class AppendTests
{
    [Fact]
    public async Task AppendEvents_ThenRead_GivesTheSameEventsAtTheirOffsets()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 2)).Partitions[1];
        Event[] events =
        [
            LogFolder.EventOf("a"), new(-1, null, [], null), new(long.MinValue, Array.Empty<byte>(), [], Array.Empty<byte>()), new(long.MaxValue, null, [], "z"u8.ToArray()),
        ];

        var result = await log.AppendEventsAsync(partition, events);

        Assert.Equal(new AppendResult(AppendStatus.Appended, 0, -1), result);
        Assert.Equal(4, partition.HighWatermark);
        var read = await LogFolder.ReadAllAsync(log, partition);
        Assert.Equal([0L, 1, 2, 3], read.Select(r => r.Offset));
        for (var i = 0; i < events.Length; i++)
        {
            AssertSame(events[i], read[i].Event);
        }
    }

    [Fact]
    public async Task AppendEvents_OfManyCallersAtOnce_AreAllThereOnceInConsecutiveRuns()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];

        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
            (i, await log.AppendEventsAsync(partition, [LogFolder.EventOf($"{i}-0"), LogFolder.EventOf($"{i}-1")])))));

        var bodies = (await LogFolder.ReadAllAsync(log, partition)).Select(e => Encoding.UTF8.GetString(e.Event.Body!.Value.Span)).ToArray();
        Assert.Equal(600, bodies.Length);
        foreach (var (i, result) in results)
        {
            Assert.Equal($"{i}-0", bodies[result.BaseOffset]);
            Assert.Equal($"{i}-1", bodies[result.BaseOffset + 1]);
        }
    }

    [Fact]
    public async Task AppendBatch_Twice_IsADuplicateWithTheOriginalOffsetAlsoAfterARestart()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        await log.AppendEventsAsync(partition, [LogFolder.EventOf("first")]);
        Assert.Equal(new AppendResult(AppendStatus.Appended, 1, -1), await log.AppendBatchAsync(partition, LogFolder.Produced(3, 5, 0, 0)));
        Assert.Equal(new AppendResult(AppendStatus.Duplicate, 1, -1), await log.AppendBatchAsync(partition, LogFolder.Produced(3, 5, 0, 0)));
        Assert.Equal(AppendStatus.OutOfOrderSequence, (await log.AppendBatchAsync(partition, LogFolder.Produced(3, 5, 0, 4))).Status);

        log = await folder.ReopenAsync();
        partition = log.Find("orders")!.Partitions[0];

        Assert.Equal(new AppendResult(AppendStatus.Duplicate, 1, -1), await log.AppendBatchAsync(partition, LogFolder.Produced(3, 5, 0, 0)));
        Assert.Equal(new AppendResult(AppendStatus.Appended, 4, -1), await log.AppendBatchAsync(partition, LogFolder.Produced(3, 5, 0, 3)));
        Assert.Equal(7, partition.HighWatermark);
    }

    [Fact]
    public async Task AppendBatch_TooLargeOrTooFarAhead_IsRefusedAndNothingIsRecorded()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var now = folder.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var size = LogFolder.Produced(2).Length;
        var partition = (await log.CreateChannelAsync("orders", 1, new ChannelConfig { MaxMessageBytes = size })).Partitions[0];

        Assert.Equal(AppendStatus.TooLarge, (await log.AppendBatchAsync(partition, LogFolder.Produced(3))).Status);
        Assert.Equal(AppendStatus.InvalidTimestamp, (await log.AppendBatchAsync(partition, LogFolder.Produced(2, timestamp: now + 3_700_000))).Status);
        Assert.Equal(AppendStatus.TooLarge, (await log.AppendEventsAsync(partition, [LogFolder.EventOf(new string('x', 1_000))])).Status);
        Assert.Equal(0, partition.HighWatermark);

        Assert.Equal(AppendStatus.Appended, (await log.AppendBatchAsync(partition, LogFolder.Produced(2, timestamp: now + 3_500_000))).Status);
        Assert.Equal(AppendStatus.Appended, (await log.AppendEventsAsync(partition, [LogFolder.EventOf("far", long.MaxValue)])).Status);
    }

    [Fact]
    public async Task AppendEvents_UnderLogAppendTime_CarryTheRecordersTime()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1, new ChannelConfig { TimestampType = TimestampType.LogAppendTime })).Partitions[0];
        var before = folder.Clock.GetUtcNow().ToUnixTimeMilliseconds();

        var events = await log.AppendEventsAsync(partition, [LogFolder.EventOf("a", 5), LogFolder.EventOf("b", -5)]);
        var batch = await log.AppendBatchAsync(partition, LogFolder.Produced(1, 3, 0, 0, timestamp: long.MaxValue));

        Assert.InRange(events.LogAppendTime, before, before + 60_000);
        Assert.InRange(batch.LogAppendTime, events.LogAppendTime, before + 60_000);
        var read = await LogFolder.ReadAllAsync(log, partition);
        Assert.Equal([events.LogAppendTime, events.LogAppendTime, batch.LogAppendTime], read.Select(r => r.Event.Timestamp));
        Assert.Equal(batch.LogAppendTime, (await log.AppendBatchAsync(partition, LogFolder.Produced(1, 3, 0, 0))).LogAppendTime);
    }

    [Fact]
    public async Task CloseChannel_WithWaiters_WakesThemAndTheNameBeginsAgainAtZero()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var first = await log.CreateChannelAsync("orders", 1);
        await log.AppendEventsAsync(first.Partitions[0], [LogFolder.EventOf("old")]);
        var waiting = first.Partitions[0].WaitAsync(1, TestContext.Current.CancellationToken).AsTask();

        await log.CloseChannelAsync(first);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.True(first.IsClosed);
        Assert.Null(log.Find("orders"));
        Assert.Equal(AppendStatus.Closed, (await log.AppendEventsAsync(first.Partitions[0], [LogFolder.EventOf("late")])).Status);
        var second = await log.CreateChannelAsync("orders", 1);
        Assert.Equal((2, 0L), (second.Incarnation, second.Partitions[0].HighWatermark));
        Assert.NotEqual(first.TopicId, second.TopicId);
        Assert.Same(first, log.Find(first.TopicId));
    }

    [Fact]
    public async Task Wait_CancelledOrSatisfied_LeavesNoRegistration()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        using var cancel = new CancellationTokenSource();
        var cancelled = partition.WaitAsync(0, cancel.Token).AsTask();
        var satisfied = partition.WaitAsync(0, CancellationToken.None).AsTask();
        var advances = 0;
        using (partition.OnAdvance(() => advances++))
        {
            await cancel.CancelAsync();
            await cancelled.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            await log.AppendEventsAsync(partition, [LogFolder.EventOf("a")]);
            await satisfied.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        }

        await log.AppendEventsAsync(partition, [LogFolder.EventOf("b")]);
        Assert.Equal(1, advances);
        Assert.Equal(0, partition.Waiters);
    }

    [Fact]
    public async Task CreateChannel_WrongInput_IsNamed()
    {
        await using var folder = new LogFolder { Options = new LogOptions { JournalFolder = "", MaxChannels = 2, MaxPartitions = 3, SegmentBytes = 256 * 1024 } };
        var log = await folder.OpenAsync();
        await log.CreateChannelAsync(new string('a', 249), 3);

        async Task Refused(ChannelFault fault, string name, int partitions) =>
            Assert.Equal(fault, (await Assert.ThrowsAsync<ChannelException>(async () => await log.CreateChannelAsync(name, partitions))).Fault);

        await Refused(ChannelFault.Exists, new string('a', 249), 1);
        await Refused(ChannelFault.InvalidName, new string('a', 250), 1);
        await Refused(ChannelFault.InvalidName, "..", 1);
        await Refused(ChannelFault.InvalidPartitions, "b", 0);
        await Refused(ChannelFault.InvalidPartitions, "b", 4);
        await Refused(ChannelFault.Reserved, "_tattletail.ledger", 1);
        await log.CreateChannelAsync("b", 1);
        await Refused(ChannelFault.TooMany, "c", 1);
    }

    [Fact]
    public async Task ProducerIds_AcrossRestarts_AreNeverHandedOutTwice()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var seen = new HashSet<long>();
        for (var start = 0; start < 3; start++)
        {
            var ids = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => log.AllocateProducerIdAsync().AsTask()));
            Assert.All(ids, id => Assert.True(seen.Add(id)));
            log = await folder.ReopenAsync();
        }
    }

    [Fact]
    public async Task Read_FromAnyOffsetInAnySteps_GivesTheSameEvents()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        for (var i = 0; i < 60; i++)
        {
            await log.AppendBatchAsync(partition, LogFolder.Produced((i % 7) + 1, body: new string('x', i * 50)));
        }

        var all = await LogFolder.ReadAllAsync(log, partition);
        await Gen.Select(Gen.Int[0, all.Count - 1], Gen.Int[1, 20_000]).SampleAsync(async (from, maxBytes) =>
        {
            var read = await LogFolder.ReadAllAsync(log, partition, from, maxBytes);
            return read.Select(r => r.Offset).SequenceEqual(all.Skip(from).Select(r => r.Offset));
        }, iter: 50, threads: 1);
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await log.ReadAsync(partition, partition.HighWatermark + 1, 1));
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await log.ReadAsync(partition, -1, 1));
    }

    internal static void AssertSame(Event expected, Event actual)
    {
        Assert.Equal(expected.Timestamp, actual.Timestamp);
        AssertSame(expected.Key, actual.Key);
        AssertSame(expected.Body, actual.Body);
        Assert.Equal(expected.Headers.Select(h => h.Key), actual.Headers.Select(h => h.Key));
        for (var i = 0; i < expected.Headers.Count; i++)
        {
            AssertSame(expected.Headers[i].Value, actual.Headers[i].Value);
        }
    }

    private static void AssertSame(ReadOnlyMemory<byte>? expected, ReadOnlyMemory<byte>? actual)
    {
        Assert.Equal(expected is null, actual is null);
        Assert.Equal(expected.GetValueOrDefault().ToArray(), actual.GetValueOrDefault().ToArray());
    }
}
