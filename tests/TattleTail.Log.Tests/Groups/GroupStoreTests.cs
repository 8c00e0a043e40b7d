using TattleTail.Log.Groups;
using TattleTail.Log.State;

namespace TattleTail.Log.Tests.Groups;

public sealed class GroupStoreTests
{
    [Fact]
    public async Task Commit_AfterARestart_IsThere()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 2);
        await log.Groups.CommitAsync("g", [new OffsetCommit(orders.Partitions[0], 5, 1, "a"), new OffsetCommit(orders.Partitions[1], 6, -1, "")]);
        await log.Groups.CommitAsync("g", [new OffsetCommit(orders.Partitions[0], 7, 2, "b")]);
        await log.Groups.SaveAsync("g", "members"u8.ToArray());
        await log.Groups.SaveAsync("gone", "x"u8.ToArray());
        await log.Groups.DeleteAsync("gone");

        log = await folder.ReopenAsync();

        var commits = await log.Groups.CommitsAsync("g");
        Assert.Equal(
            [(0, 7L, 2, "b"), (1, 6L, -1, "")],
            commits.OrderBy(c => c.Partition.Index).Select(c => (c.Partition.Index, c.Offset, c.LeaderEpoch, c.Metadata)));
        Assert.Equal("members"u8.ToArray(), Assert.Single(await log.Groups.AllAsync()).Membership.ToArray());
        Assert.Empty(await log.Groups.CommitsAsync("never"));
    }

    [Fact]
    public async Task Commits_OfADeletedChannel_AreGone_AndItsNextLifeBeginsWithoutThem()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 1);
        await log.Groups.CommitAsync("g", [new OffsetCommit(orders.Partitions[0], 5, 1, "")]);

        await log.CloseChannelAsync(orders);
        await log.CreateChannelAsync("orders", 1);

        Assert.Empty(await log.Groups.CommitsAsync("g"));
    }

    [Fact]
    public async Task Commit_ThatIsNotDurable_IsToldToNobody()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var orders = await log.CreateChannelAsync("orders", 1);
        await log.Groups.CommitAsync("g", [new OffsetCommit(orders.Partitions[0], 5, 1, "")]);
        folder.Files.FailSyncs = true;

        await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.Groups.CommitAsync("g", [new OffsetCommit(orders.Partitions[0], 9, 1, "")]));
        await Assert.ThrowsAsync<LogUnavailableException>(async () => await log.Groups.CommitsAsync("g"));

        folder.Files.FailSyncs = false;
        await LogFolder.UntilAsync(() => folder.Observer.Reopenings > 0, "the journal to reopen");
        Assert.Equal(5, Assert.Single(await log.Groups.CommitsAsync("g")).Offset);
    }

    [Fact]
    public async Task Groups_BeyondWhatTheNodeKeeps_AreRefused_AndRoomIsMadeByDeletingSome()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        var part = new byte[(int)(StateLimits.MaxGroupBytes / 4)];
        for (var i = 0; i < 3; i++)
        {
            await log.Groups.SaveAsync($"g{i}", part);
        }

        await Assert.ThrowsAsync<GroupsFullException>(async () => await log.Groups.SaveAsync("g3", part));
        await log.Groups.DeleteAsync("g0");
        await log.Groups.SaveAsync("g3", part);
        Assert.Equal(3, (await log.Groups.AllAsync()).Count);
    }
}
