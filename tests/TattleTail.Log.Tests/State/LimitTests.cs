using TattleTail.Events;
using TattleTail.Journal;
using TattleTail.Log.Appending;
using TattleTail.Log.State;

namespace TattleTail.Log.Tests.State;

/// <summary>What a node remembers is bounded; what can't be forgotten is refused.</summary>
public class LimitTests
{
    [Fact]
    public async Task CreateChannel_PartitionsAtTheLimitsAndOneMore_AreMadeAndRefused()
    {
        await using var folder = new LogFolder { Options = new LogOptions { JournalFolder = "", MaxPartitions = 1_000_000, SegmentBytes = 256 * 1024 } };
        var log = await folder.OpenAsync();

        await RefusedAsync(log, ChannelFault.InvalidPartitions, 100_001);
        Assert.Equal(100_000, (await log.CreateChannelAsync("a", 100_000)).Partitions.Count);
        await log.CreateChannelAsync("b", 100_000);
        await log.CreateChannelAsync("few", 10);
        var rest = 300_000 - (int)log.Core.State.TotalPartitions;
        await RefusedAsync(log, ChannelFault.TooMany, rest + 1);
        await log.CreateChannelAsync("c", rest);
        await RefusedAsync(log, ChannelFault.TooMany, 1);
    }

    [Fact]
    public async Task CreateChannel_IncarnationsAtTheLimitAndOneMore_IsMadeAndRefused()
    {
        await using var folder = new LogFolder();
        var log = await folder.OpenAsync();
        lock (log.Core.Gate)
        {
            // As if so many had come and gone.
            while (log.Core.State.Channels.Count < 100_000 - 1)
            {
                var stream = log.Core.State.NextStream;
                log.Core.State.Apply(new ChannelCreated(stream, "gone", stream, Guid.NewGuid(), "spew", "gone", 1, new ChannelConfig()));
                log.Core.State.Apply(new ChannelClosed(stream));
            }
        }

        await log.CreateChannelAsync("last", 1);
        await RefusedAsync(log, ChannelFault.TooMany, 1);
    }

    [Fact]
    public void Epochs_MoreThanTheLimit_ForgetTheOldest()
    {
        var (state, partition) = State();
        for (var epoch = 1; epoch <= 256; epoch++)
        {
            state.Begin(partition, epoch, epoch, 0, epoch);
        }

        Assert.Equal((256, 1), (partition.Epochs.Count, partition.Epochs[0].Epoch));
        state.Begin(partition, 257, 257, 0, 257);
        Assert.Equal((256, 2, 257), (partition.Epochs.Count, partition.Epochs[0].Epoch, partition.Epochs[^1].Epoch));
    }

    [Fact]
    public void Gaps_MoreThanTheLimit_ForgetTheOldest()
    {
        var (state, partition) = State();
        state.Apply(new GapsFound(1, 0, [.. Enumerable.Range(0, 1_024).Select(i => new OffsetGap(i * 2, (i * 2) + 1))]));

        Assert.Equal((1_024, 0L), (partition.Gaps.Count, partition.Gaps[0].From));
        state.Apply(new GapsFound(1, 0, [new OffsetGap(9_000, 9_001)]));
        Assert.Equal((1_024, 2L, 9_000L), (partition.Gaps.Count, partition.Gaps[0].From, partition.Gaps[^1].From));
    }

    [Fact]
    public void Join_EventsAtTheLimitAndOneMore_LeavesTheLastToTheNextBatch()
    {
        var events = Enumerable.Repeat(new Event(0, null, [], null), 10_001).ToArray();

        Assert.Equal(10_000, Batch().Join(events, 0, generation: 0));
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(1, 1)]
    public void Join_BytesAtTheLimitAndOneMore_LeavesTheLastToTheNextBatch(int more, int joined)
    {
        var first = new Event(0, null, [], new byte[500_000]);
        var probe = Batch();
        probe.Join([first, new Event(0, null, [], new byte[500_000])], 0, generation: 0);
        var room = (1024 * 1024) - (int)probe.Bytes;
        var batch = Batch();

        Assert.Equal(joined, batch.Join([first, new Event(0, null, [], new byte[500_000 + room + more])], 0, generation: 0));
        Assert.Equal(joined == 2, batch.Bytes == 1024 * 1024);
    }

    private static CoalescedBatch Batch() => new(new StreamPartition(1, 0), 0, 1, 0, null, 0, int.MaxValue, generation: 0);

    private static (NodeState State, PartitionState Partition) State()
    {
        var state = new NodeState();
        state.Apply(new ChannelCreated(1, "c", 1, Guid.Empty, "spew", "c", 1, new ChannelConfig()));
        return (state, state.Channels[0].Partitions[0]);
    }

    private static async Task RefusedAsync(EventLog log, ChannelFault fault, int partitions) =>
        Assert.Equal(fault, (await Assert.ThrowsAsync<ChannelException>(async () => await log.CreateChannelAsync("more", partitions))).Fault);
}
