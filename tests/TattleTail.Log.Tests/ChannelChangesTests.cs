namespace TattleTail.Log.Tests;

public sealed class ChannelChangesTests
{
    [Fact]
    public async Task Partitions_Added_TakeEventsAndOutliveARestart()
    {
        await using var folder = new LogFolder().WithArchive();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 1);
        var before = orders.Partitions;

        await log.AddPartitionsAsync(orders, 3);
        await log.AppendEventsAsync(orders.Partitions[2], [LogFolder.EventOf("new")]);
        await log.SealAsync();

        Assert.Equal((1, 3), (before.Count, orders.Partitions.Count));
        Assert.Same(before[0], orders.Partitions[0]);
        foreach (var count in (int[])[0, 3, 2, 1_000_000])
        {
            var refused = await Assert.ThrowsAsync<ChannelException>(async () => await log.AddPartitionsAsync(orders, count));
            Assert.Equal(ChannelFault.InvalidPartitions, refused.Fault);
        }

        log = await folder.ReopenAsync();
        Assert.Single(await LogFolder.ReadAllAsync(log, log.Find("orders")!.Partitions[2]));
    }

    [Fact]
    public async Task Config_Changed_HoldsAtOnceAndOutlivesARestart()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 1);

        await log.ConfigureChannelAsync(orders, new ChannelConfig { MaxMessageBytes = 100, CleanupPolicy = "compact" });

        Assert.Equal(AppendStatus.TooLarge, (await log.AppendEventsAsync(orders.Partitions[0], [LogFolder.EventOf(new string('x', 200))])).Status);
        log = await folder.ReopenAsync();
        Assert.Equal((100, "compact"), (log.Find("orders")!.Config.MaxMessageBytes, log.Find("orders")!.Config.CleanupPolicy));
    }

    [Fact]
    public async Task Start_Moved_NeverGoesBack_AndWhatLiesBeforeIsReadOnlyAsSuch()
    {
        await using var folder = new LogFolder().WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        for (var i = 0; i < 5; i++)
        {
            await log.AppendEventsAsync(partition, [LogFolder.EventOf($"{i}", 1_000 + i)]);
        }

        Assert.Equal(3, await log.MoveStartAsync(partition, 3));
        Assert.Equal(3, await log.MoveStartAsync(partition, 1));
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await log.MoveStartAsync(partition, 6));

        Assert.Equal([3L, 4], (await LogFolder.ReadAllAsync(log, partition, 3)).Select(e => e.Offset));
        await Assert.ThrowsAsync<OffsetOutOfRangeException>(async () => await log.ReadAsync(partition, 2, 1));

        foreach (var isSealed in (bool[])[false, true])
        {
            using (var everything = await log.ReadAsync(partition, 0, 1_000_000, scope: LogScope.All))
            {
                Assert.Equal(5, everything.NextOffset);
            }

            Assert.Equal(1, (await log.FindByTimeAsync(partition, 1_001, LogClock.Event, scope: LogScope.All))!.Value.Offset);
            Assert.Equal(3, (await log.FindByTimeAsync(partition, 1_001, LogClock.Event))!.Value.Offset);
            await log.SealAsync();
            Assert.False(isSealed && partition.SealedThrough < 5);
        }

        log = await folder.ReopenAsync();
        Assert.Equal(3, log.Find("orders")!.Partitions[0].StartOffset);
    }

    [Fact]
    public async Task Changes_OfWhatIsNotTheClients_AreRefused()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 1);
        await log.CloseChannelAsync(orders);

        Assert.Equal(ChannelFault.NotFound, (await Assert.ThrowsAsync<ChannelException>(async () => await log.AddPartitionsAsync(orders, 2))).Fault);
        Assert.Equal(ChannelFault.NotFound, (await Assert.ThrowsAsync<ChannelException>(async () => await log.ConfigureChannelAsync(orders, new ChannelConfig()))).Fault);
        Assert.Equal(ChannelFault.NotFound, (await Assert.ThrowsAsync<ChannelException>(async () => await log.MoveStartAsync(orders.Partitions[0], 0))).Fault);
    }
}
