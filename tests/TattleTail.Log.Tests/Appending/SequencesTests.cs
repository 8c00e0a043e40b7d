using TattleTail.Journal;
using TattleTail.Log.Appending;
using TattleTail.Log.State;
using TattleTail.Log.Tests.State;

namespace TattleTail.Log.Tests.Appending;

public class SequencesTests
{
    [Theory]
    [InlineData(1, 100, 5, AppendStatus.InvalidProducerEpoch)]
    [InlineData(2, 60, 10, AppendStatus.Appended)]
    [InlineData(2, 50, 10, AppendStatus.Duplicate)]
    [InlineData(2, 10, 10, AppendStatus.Duplicate)]
    [InlineData(2, 0, 10, AppendStatus.OutOfOrderSequence)]
    [InlineData(2, 50, 9, AppendStatus.OutOfOrderSequence)]
    [InlineData(2, 61, 10, AppendStatus.OutOfOrderSequence)]
    [InlineData(3, 0, 10, AppendStatus.Appended)]
    [InlineData(3, 60, 10, AppendStatus.OutOfOrderSequence)]
    public void Judge_AfterSixBatchesOfEpochTwo_FollowsKafka(short epoch, int sequence, int count, AppendStatus expected)
    {
        var producer = new ProducerState(Partition(), 9);
        for (var i = 0; i < 6; i++)
        {
            producer.Remember(2, new ProducedBatchMark(i * 10, (i * 10) + 9, 100 + i, -1));
        }

        var status = Sequences.Judge(producer, StateFormatTests.HeaderOf(9, epoch, sequence, 0, count), out var original);

        Assert.Equal(expected, status);
        if (expected == AppendStatus.Duplicate)
        {
            Assert.Equal(100 + (sequence / 10), original.BaseOffset);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    public void Judge_UnknownProducer_AcceptsAnySequence(int sequence) =>
        Assert.Equal(AppendStatus.Appended, Sequences.Judge(null, StateFormatTests.HeaderOf(9, 0, sequence, 0, 1), out _));

    [Theory]
    [InlineData(int.MaxValue - 1, 0, int.MaxValue - 1)]
    [InlineData(int.MaxValue - 1, 1, int.MaxValue)]
    [InlineData(int.MaxValue - 1, 2, 0)]
    [InlineData(int.MaxValue, 1, 0)]
    [InlineData(int.MaxValue, 5, 4)]
    public void Last_AtInt32sEnd_GoesOnAtZero(int first, int delta, int expected) => Assert.Equal(expected, Sequences.Last(first, delta));

    [Fact]
    public void Judge_SequenceAfterAWrap_IsNext()
    {
        var producer = new ProducerState(Partition(), 9);
        producer.Remember(0, new ProducedBatchMark(int.MaxValue - 1, 3, 0, -1));

        Assert.Equal(AppendStatus.Appended, Sequences.Judge(producer, StateFormatTests.HeaderOf(9, 0, 4, 0, 1), out _));
        Assert.Equal(AppendStatus.Duplicate, Sequences.Judge(producer, StateFormatTests.HeaderOf(9, 0, int.MaxValue - 1, 0, 6), out _));
    }

    [Theory]
    [InlineData(79, 0)]
    [InlineData(80, 0)]
    [InlineData(90, 500)]
    [InlineData(100, 1_000)]
    [InlineData(500, 1_000)]
    public void QuotaDelay_GrowsFromEightyPerCentToASecond(long bytes, int milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), QuotaPolicy.Delay(bytes, 100));
        Assert.Equal(bytes >= 100, QuotaPolicy.IsFull(bytes, 100));
    }

    private static PartitionState Partition() =>
        new ChannelState(new ChannelCreated(1, "c", 1, Guid.Empty, "spew", "c", 1, new ChannelConfig())).Partitions[new StreamPartition(1, 0).Partition];
}
