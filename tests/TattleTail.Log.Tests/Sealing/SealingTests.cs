using CsCheck;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log.Tests.Appending;
using TattleTail.Storage;

namespace TattleTail.Log.Tests.Sealing;

public class SealingTests
{
    private static LogOptions Small => new()
    {
        JournalFolder = "",
        SegmentBytes = 64 * 1024,
        CommitInterval = TimeSpan.Zero,
        TrimDelay = TimeSpan.Zero,
        SealAge = TimeSpan.FromHours(1),
    };

    [Fact]
    public async Task Seal_ThenTrim_ServesTheSameEventsFromTheArchiveWithoutASeam()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 2)).Partitions[1];
        var sent = await FillAsync(log, partition, 120);

        var report = await log.SealAsync();
        Assert.Equal((1, 120L), (report.Files, report.Events));
        sent.AddRange(await FillAsync(log, partition, 60));
        await LogFolder.UntilAsync(() => partition.JournalStart > 0, "the journal to be trimmed");

        Assert.Equal(120, partition.SealedThrough);
        await AssertServesAsync(log, partition, sent);
        await Gen.Select(Gen.Int[0, sent.Count - 1], Gen.Int[1, 60_000]).SampleAsync(async (from, maxBytes) =>
        {
            var read = await LogFolder.ReadAllAsync(log, partition, from, maxBytes);
            return read.Select(r => r.Offset).SequenceEqual(Enumerable.Range(from, sent.Count - from).Select(i => (long)i));
        }, iter: 40, threads: 1);
    }

    [Fact]
    public async Task Restart_AfterSealAndTrim_RebuildsTheSameStateAndServesEverything()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        var sent = await FillAsync(log, partition, 100);
        await log.SealAsync();
        sent.AddRange(await FillAsync(log, partition, 30));
        await LogFolder.UntilAsync(() => folder.Observer.TrimmedSegments > 0, "the journal to be trimmed");
        var before = LogFolder.SnapshotOf(log);

        log = await folder.ReopenAsync();
        partition = log.Find("orders")!.Partitions[0];
        Assert.Equal(Convert.ToHexString(before), Convert.ToHexString(LogFolder.SnapshotOf(log)));

        await AssertServesAsync(log, partition, sent);
        Assert.Equal(new AppendResult(AppendStatus.Appended, 130, -1), await log.AppendEventsAsync(partition, [LogFolder.EventOf("next")]));
    }

    [Fact]
    public async Task Seal_WithAnyTimestamp_KeepsAndFindsIt()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        long[] times = [-1, 0, long.MinValue, long.MaxValue, 1_700_000_000_000_000, 1_700_000_000_000_000_000, -62_135_596_800_001, 253_402_300_800_000, 1_700_000_000_000];
        var sent = times.Select((t, i) => LogFolder.EventOf($"{i}", t)).ToList();
        await log.AppendEventsAsync(partition, sent);

        Assert.Equal(3, (await log.FindMaxTimestampAsync(partition))!.Value.Offset);
        await log.SealAsync();
        await PushOutAsync(folder, log, partition, sent);

        await AssertServesAsync(log, partition, sent);
        Assert.Equal(new OffsetAndTime(3, long.MaxValue, 1), await log.FindMaxTimestampAsync(partition));
        foreach (var time in times)
        {
            var expected = sent.FindIndex(e => e.Timestamp >= time);
            Assert.Equal(new OffsetAndTime(expected, sent[expected].Timestamp, 1), await log.FindByTimeAsync(partition, time, LogClock.Event));
        }
    }

    [Fact]
    public async Task FindByTime_OverArchiveAndJournal_GivesTheFirstInOffsetOrder()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        var random = new Random(11);
        var sent = new List<Event>();
        var recorded = new List<long>();
        for (var i = 0; i < 150; i++)
        {
            folder.Clock.Shift += TimeSpan.FromMilliseconds(random.Next(3));
            Event[] events = [.. Enumerable.Range(0, random.Next(1, 4)).Select(j => LogFolder.EventOf(new string('x', 2_000), 1_000 + random.Next(300)))];
            await log.AppendEventsAsync(partition, events);
            sent.AddRange(events);
            if (i is 50 or 90)
            {
                await log.SealAsync("orders");
            }
        }

        await LogFolder.UntilAsync(() => partition.JournalStart > 0, "the journal to be trimmed");
        for (var offset = 0L; offset < sent.Count; offset++)
        {
            using var read = await log.ReadAsync(partition, offset, 1);
            Assert.True(RecordBatchHeader.TryRead(read.Batches[0].Batch.Span, out var header));
            recorded.Add(read.Batches[0].RecordedAt((int)(offset - header.BaseOffset)));
        }

        for (var time = 999; time < 1_302; time++)
        {
            var expected = sent.FindIndex(e => e.Timestamp >= time);
            Assert.Equal(expected < 0 ? null : expected, (await log.FindByTimeAsync(partition, time, LogClock.Event))?.Offset);
        }

        foreach (var time in recorded.Distinct().SelectMany(r => (long[])[r - 1, r, r + 1]))
        {
            var expected = recorded.FindIndex(r => r >= time);
            Assert.Equal(expected < 0 ? null : expected, (await log.FindByTimeAsync(partition, time, LogClock.Recorded))?.Offset);
        }

        Assert.Equal(sent.Max(e => e.Timestamp), (await log.FindMaxTimestampAsync(partition))!.Value.Time);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Seal_WithEachCallOfTheStoreFailing_SealsEverythingExactlyOnce(bool afterTheWork)
    {
        for (var failAt = 1; ; failAt++)
        {
            FailingStore? store = null;
            await using var folder = new LogFolder { Options = Small };
            folder.Store = inner => store ??= new FailingStore(inner) { FailAt = failAt, AfterTheWork = afterTheWork };
            var log = await folder.OpenAsync();
            var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
            var sent = await FillAsync(log, partition, 20);

            await SealUntilDoneAsync(log);
            sent.AddRange(await FillAsync(log, partition, 5));
            await SealUntilDoneAsync(log);

            Assert.Equal(25, partition.SealedThrough);
            Assert.Equal(25, log.Archive!.Files().Sum(f => f.Events));
            await AssertServesAsync(log, partition, sent);
            if (store!.Calls < failAt)
            {
                break;
            }

            Assert.True(failAt < 500, "the calls of a seal are bounded");
        }
    }

    [Fact]
    public async Task Seal_AfterAFailureOfTheStore_IsYellowThenGreen()
    {
        var fails = true;
        await using var folder = new LogFolder { Options = Small };
        folder.Store = inner => fails ? throw new StoreException(StoreError.Unavailable, "the store is away") : inner;
        var log = await folder.OpenAsync();
        await LogFolder.UntilAsync(() => log.Health.Status == HealthStatus.Yellow, "yellow");
        Assert.True(log.Figures.SealFailures > 0);

        fails = false;
        await LogFolder.UntilAsync(() => log.Health.Status == HealthStatus.Green, "green");
        Assert.NotNull(log.Archive);
    }

    [Fact]
    public async Task Seal_ByAge_SizeAndClosing_NeedsNoAsking()
    {
        await using var folder = new LogFolder { Options = Small with { SealBytes = 20_000 } }.WithArchive();
        var log = await folder.OpenAsync();
        var big = (await log.CreateChannelAsync("big", 1)).Partitions[0];
        var old = (await log.CreateChannelAsync("old", 1)).Partitions[0];
        var closed = (await log.CreateChannelAsync("closed", 1)).Partitions[0];
        await log.AppendEventsAsync(closed, [LogFolder.EventOf("c")]);
        await log.AppendEventsAsync(old, [LogFolder.EventOf("o")]);

        await FillAsync(log, big, 80);
        await log.CloseChannelAsync(closed.Channel);
        await LogFolder.UntilAsync(() => big.SealedThrough > 0 && closed.SealedThrough == 1, "size and closing");
        Assert.Equal(0, old.SealedThrough);

        folder.Clock.Shift += TimeSpan.FromHours(2);
        await LogFolder.UntilAsync(() => old.SealedThrough == 1, "age");
        Assert.Single(await LogFolder.ReadAllAsync(log, closed));
    }

    [Fact]
    public async Task Retention_Finite_MovesTheServedStartAndDeletesNothing()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1, new ChannelConfig { RetentionMs = 60_000 })).Partitions[0];
        await log.AppendEventsAsync(partition, [LogFolder.EventOf("expired", 1_000)]);
        await log.SealAsync();
        var now = folder.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        await log.AppendEventsAsync(partition, [LogFolder.EventOf("fresh", now)]);
        await log.SealAsync();

        await LogFolder.UntilAsync(() => partition.StartOffset == 1, "the start to move");

        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await log.ReadAsync(partition, 0, 1));
        Assert.Equal(2, log.Archive!.Files().Sum(f => f.Events));
        Assert.Single(await LogFolder.ReadAllAsync(log, partition));
    }

    [Fact]
    public async Task Seal_OfAFaultedAndReopenedJournal_GoesOn()
    {
        await using var folder = new LogFolder { Options = Small }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        var sent = await FillAsync(log, partition, 10);
        folder.Files.FailSyncs = true;
        await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendEventsAsync(partition, [LogFolder.EventOf("lost")]));
        folder.Files.FailSyncs = false;
        await LogFolder.UntilAsync(() => folder.Observer.Reopenings > 0, "the journal to reopen");

        sent.AddRange(await FillAsync(log, partition, 10));
        await SealUntilDoneAsync(log);

        Assert.Equal(20, partition.SealedThrough);
        await AssertServesAsync(log, partition, sent);
    }

    [Fact]
    public async Task FiveThousandChannels_AppendedAndSealed_AreAllServedAfterARestart()
    {
        await using var folder = new LogFolder { Options = Small with { SegmentBytes = 4 * 1024 * 1024 } }.WithArchive();
        var log = await folder.OpenAsync();
        var channels = await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => log.CreateChannelAsync($"c{i}", 1).AsTask()));
        await Task.WhenAll(channels.Select(c => log.AppendEventsAsync(c.Partitions[0], [LogFolder.EventOf(c.Name)]).AsTask()));
        for (var i = 0; i < 50; i++)
        {
            await log.SealAsync($"c{i}");
        }

        log = await folder.ReopenAsync();
        Assert.Equal(5_000, log.Channels.Count);
        Assert.Equal(50, log.ChannelFigures.Sum(f => f.SealedEvents));
        Assert.Equal(5_000, log.ChannelFigures.Sum(f => f.Events));
        Assert.Single(await LogFolder.ReadAllAsync(log, log.Find("c4999")!.Partitions[0]));
    }

    private static async Task<List<Event>> FillAsync(EventLog log, LogPartition partition, int count)
    {
        var sent = new List<Event>();
        for (var i = 0; i < count; i++)
        {
            var e = LogFolder.EventOf($"{partition.HighWatermark}-{new string('x', 1_000)}", 1_700_000_000_000 + i);
            await log.AppendEventsAsync(partition, [e]);
            sent.Add(e);
        }

        return sent;
    }

    /// <summary>Appends until the journal no longer holds the first events.</summary>
    private static async Task PushOutAsync(LogFolder folder, EventLog log, LogPartition partition, List<Event> sent)
    {
        for (var i = 0; i < 100; i++)
        {
            var e = LogFolder.EventOf(new string('y', 1_000), 5);
            await log.AppendEventsAsync(partition, [e]);
            sent.Add(e);
        }

        await log.SealAsync();
        await LogFolder.UntilAsync(() => partition.JournalStart > 0 && folder.Observer.TrimmedSegments > 0, "the journal to be trimmed");
    }

    private static async Task SealUntilDoneAsync(EventLog log)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await log.SealAsync();
                return;
            }
            catch (IOException) when (attempt < 10)
            {
                // The planted failure; what the store then holds is what the test is about.
            }
        }
    }

    private static async Task AssertServesAsync(EventLog log, LogPartition partition, List<Event> sent)
    {
        var read = await LogFolder.ReadAllAsync(log, partition);
        Assert.Equal(Enumerable.Range(0, sent.Count).Select(i => (long)i), read.Select(r => r.Offset));
        for (var i = 0; i < sent.Count; i++)
        {
            AppendTests.AssertSame(sent[i], read[i].Event);
        }
    }
}
