namespace TattleTail.Log.Tests.Recovery;

public class RestartTests
{
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(20_000)]
    public async Task Restart_AfterMixedWork_RebuildsTheSameState(long snapshotBytes)
    {
        await using var folder = new LogFolder { Options = new LogOptions { JournalFolder = "", SegmentBytes = 64 * 1024, SnapshotBytes = snapshotBytes } };
        var log = await folder.OpenAsync();
        var random = new Random(3);
        for (var c = 0; c < 4; c++)
        {
            await log.CreateChannelAsync($"c{c}", 3);
        }

        await log.CloseChannelAsync(log.Find("c3")!);
        await log.CreateChannelAsync("c3", 1);
        await log.AllocateProducerIdAsync();
        var sequences = new Dictionary<(LogPartition, long), int>();
        var appends = new List<Task>();
        for (var i = 0; i < 400; i++)
        {
            var channel = log.Find($"c{random.Next(4)}")!;
            var partition = channel.Partitions[random.Next(channel.Partitions.Count)];
            var producer = random.NextInt64(5);
            var sequence = sequences.GetValueOrDefault((partition, producer));
            sequences[(partition, producer)] = sequence + 2;
            appends.Add(log.AppendBatchAsync(partition, LogFolder.Produced(2, producer, 0, sequence)).AsTask());
            appends.Add(log.AppendEventsAsync(partition, [LogFolder.EventOf("x", random.NextInt64()), LogFolder.EventOf("y", -random.NextInt64())]).AsTask());
        }

        await Task.WhenAll(appends);
        var before = LogFolder.SnapshotOf(log);
        var epoch = log.Core.Journal.Epoch;

        log = await folder.ReopenAsync();

        Assert.Equal(Convert.ToHexString(before), Convert.ToHexString(LogFolder.SnapshotOf(log)));
        Assert.True(log.Core.Journal.Epoch > epoch);
        Assert.Equal(log.Channels.Sum(c => c.Partitions.Sum(p => p.HighWatermark)), log.ChannelFigures.Sum(f => f.Events));
        Assert.Equal(1_600, log.ChannelFigures.Sum(f => f.Events));
    }

    [Fact]
    public async Task LostJournal_WithTheArchiveAway_GivesNoNumberOfALifeTwice()
    {
        await using var folder = new LogFolder().WithArchive();
        var log = await folder.OpenAsync();
        await log.AppendEventsAsync((await log.CreateChannelAsync("orders", 1)).Partitions[0], [LogFolder.EventOf("first life")]);
        await log.SealAsync();
        await log.DisposeAsync();
        Directory.Delete(folder.JournalPath, recursive: true);

        var away = true;
        folder.Store = store => away ? throw new TattleTail.Storage.StoreException(TattleTail.Storage.StoreError.Unavailable, "away") : store;
        log = await folder.OpenAsync();
        var second = await log.CreateChannelAsync("orders", 1);
        await log.AppendEventsAsync(second.Partitions[0], [LogFolder.EventOf("second life")]);
        await log.CloseChannelAsync(second);
        var third = await log.CreateChannelAsync("orders", 1);
        await log.AppendEventsAsync(third.Partitions[0], [LogFolder.EventOf("third life")]);
        Assert.Equal((1, 2), (second.Incarnation, third.Incarnation));

        away = false;
        await LogFolder.UntilAsync(() => log.Archive is not null, "the archive to open");
        await log.SealAsync();
        Assert.Equal((2, 3), (second.Incarnation, third.Incarnation));
        Assert.Equal([1, 2, 3], log.Archive!.Files("orders").Select(f => f.Stream.Incarnation));

        log = await folder.ReopenAsync();
        Assert.Equal(3, log.Find("orders")!.Incarnation);
        await log.CloseChannelAsync(log.Find("orders")!);
        Assert.Equal(4, (await log.CreateChannelAsync("orders", 1)).Incarnation);
    }

    [Fact]
    public async Task Fault_OfASync_FailsAppendsTurnsRedAndHealsWithoutAHand()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var channel = await log.CreateChannelAsync("orders", 1);
        var partition = channel.Partitions[0];
        await log.AppendBatchAsync(partition, LogFolder.Produced(2, 5, 0, 0));

        folder.Files.FailSyncs = true;
        var first = log.AppendBatchAsync(partition, LogFolder.Produced(2, 5, 0, 2)).AsTask();
        await Assert.ThrowsAsync<LogUnavailableException>(() => first);
        await LogFolder.UntilAsync(() => log.Health.Status == HealthStatus.Red, "red health");
        await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.AppendBatchAsync(partition, LogFolder.Produced(2, 5, 0, 2)));
        Assert.Equal(2, partition.HighWatermark);
        Assert.Equal(2, (await LogFolder.ReadAllAsync(log, partition)).Count);
        Assert.NotNull(log.Health.WhatToDo);

        folder.Files.FailSyncs = false;
        await LogFolder.UntilAsync(() => folder.Observer.Reopenings == 1, "the journal to reopen");

        Assert.NotEqual(HealthStatus.Red, log.Health.Status);
        Assert.Equal(1, folder.Observer.Faults);
        Assert.Same(channel, log.Find("orders"));
        Assert.Equal(new AppendResult(AppendStatus.Appended, 2, -1), await log.AppendBatchAsync(partition, LogFolder.Produced(2, 5, 0, 2)));
        Assert.Equal([0L, 1, 2, 3], (await LogFolder.ReadAllAsync(log, partition)).Select(e => e.Offset));
    }

    [Fact]
    public async Task Open_WithAnUnreachableStore_AcknowledgesAndIsYellow()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];

        Assert.Equal(AppendStatus.Appended, (await log.AppendEventsAsync(partition, [LogFolder.EventOf("a")])).Status);

        await LogFolder.UntilAsync(() => log.Health.Status == HealthStatus.Yellow, "yellow health");
        Assert.Contains("no store in this test", log.Health.Reason, StringComparison.Ordinal);
        Assert.Null(log.Archive);
    }

    [Fact]
    public async Task Quota_Reached_StopsAppendsAndServesReads()
    {
        await using var folder = new LogFolder { Options = new LogOptions { JournalFolder = "", SegmentBytes = 64 * 1024, JournalQuotaBytes = 300_000 } };
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];

        var events = 0;
        var full = await Assert.ThrowsAsync<LogUnavailableException>(async () =>
        {
            while (events < 10_000)
            {
                await log.AppendBatchAsync(partition, LogFolder.Produced(1, body: new string('x', 20_000)));
                events++;
            }
        });

        Assert.Contains("quota", full.Message, StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Red, log.Health.Status);
        Assert.Equal(events, (await LogFolder.ReadAllAsync(log, partition)).Count);
    }
}
