using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Tests;

public sealed class RoundTripTests
{
    private static readonly EventHeader[] OddHeaders =
    [
        new("a", Sample.Utf8("1")), new("a", null), new("", Sample.Utf8("")), new("a", Sample.Utf8("1")), new("ключ 鍵 🔑", new byte[] { 0, 255, 254 }),
    ];

    [Fact]
    public async Task Read_NullsEmptiesDuplicatesAndHoles_AreAsSent()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        (long, Event)[] events =
        [
            (3, new Event(5, null, [], null)),
            (4, new Event(6, Array.Empty<byte>(), [], Array.Empty<byte>())),
            (900, new Event(4, Sample.Utf8("k"), OddHeaders, Sample.Utf8("b"))),
            (901, new Event(4, new byte[] { 0 }, [new EventHeader("x", null)], new byte[] { 0, 0xff })),
            (1L << 30, new Event(4, null, [], Sample.Utf8("far"))),
        ];
        var batch = Sample.Batch(events);

        var file = await CommitAsync(archive, (0, batch));

        Assert.Equal(Sample.Rows(batch).Select(r => r.Text), await Sample.ReadAllAsync(archive, file, 0));
    }

    [Theory]
    [InlineData(TimestampType.CreateTime)]
    [InlineData(TimestampType.LogAppendTime)]
    public async Task Read_AnyTimestamp_IsAsSent(TimestampType type)
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        long[] timestamps =
        [
            -1, 0, 1, long.MinValue, long.MaxValue, -62_135_596_800_000, -62_135_596_800_001, 253_402_300_799_999, 253_402_300_800_000, 1_777_863_721_000_001, 1_777_863_721_000_000_001, -2,
        ];
        using var writer = archive.StartFile(Sample.Stream());
        var expected = new List<string>();
        foreach (var (timestamp, offset) in timestamps.Select((t, i) => (t, i)))
        {
            var batch = Sample.Batch(offset, [Sample.Plain(offset, timestamp)], type);
            writer.Append(0, Sample.Recorded, batch, 0);
            expected.AddRange(Sample.Rows(batch).Select(r => r.Text));
        }

        using var encoded = writer.Finish();
        var outcome = await archive.CommitAsync([encoded], [new SealedPosition(Sample.Stream().TopicId, 0, 0, timestamps.Length)]);

        Assert.Equal(expected, await Sample.ReadAllAsync(archive, outcome.Files[0], 0));
        var range = Assert.Single(outcome.Files[0].Partitions);
        Assert.Equal((long.MinValue, long.MaxValue), (range.MinTimestamp, range.MaxTimestamp));
        Assert.Empty(await archive.VerifyAsync(outcome.Files[0]));
    }

    [Fact]
    public async Task Read_ManyRowGroupsAndPartitions_GivesEachPartitionWholeFromAnywhere()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore(), rowGroupBytes: 20_000);
        using var writer = archive.StartFile(Sample.Stream());
        var expected = new Dictionary<int, List<string>>();
        foreach (var partition in new[] { 0, 1, 5 })
        {
            expected[partition] = [];
            for (var at = 0; at < 3000; at += 100)
            {
                var batch = Sample.Batch(at * 3, Sample.Plain(at, 100));
                writer.Append(partition, Sample.Recorded + at, batch, 0);
                expected[partition].AddRange(Sample.Rows(batch).Select(r => r.Text));
            }
        }

        using var encoded = writer.Finish();
        var file = (await archive.CommitAsync([encoded], [])).Files[0];

        foreach (var (partition, rows) in expected)
        {
            Assert.Equal(rows, await Sample.ReadAllAsync(archive, file, partition));
            Assert.Equal(rows.TakeLast(100), await Sample.ReadAllAsync(archive, file, partition, from: 2900 * 3));
        }

        Assert.Empty(await Sample.ReadAllAsync(archive, file, 3));
        Assert.Empty(await Sample.ReadAllAsync(archive, file, 5, from: 100_000));
        Assert.Empty(await archive.VerifyAsync(file));
    }

    [Fact]
    public async Task Read_LimitOfOneByte_GivesOneBatchOfBoundedSize()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        var file = await CommitAsync(archive, (0, Sample.Batch(10, Sample.Plain(10, 4000))));

        using var read = await archive.ReadAsync(file, 0, 0, 1);

        var batch = Assert.Single(read.Batches);
        Assert.All(batch.RecordedAtMicros.ToArray(), at => Assert.Equal(Sample.Recorded, at));
        Assert.True(RecordBatchHeader.TryRead(batch.Batch.Span, out var header));
        Assert.Equal((10, 500, -1, -1L), (header.BaseOffset, header.Count, header.LeaderEpoch, header.ProducerId));
    }

    [Fact]
    public async Task Append_FromOffset_LeavesEarlierEventsOut()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        using var writer = archive.StartFile(Sample.Stream());
        writer.Append(0, Sample.Recorded, Sample.Batch(0, Sample.Plain(0, 10)), 7);
        using var encoded = writer.Finish();
        Assert.Equal(3, encoded.File.Events);
        Assert.Equal(7, encoded.File.Partitions[0].FirstOffset);
    }

    [Fact]
    public async Task Append_OutOfOrderOrOtherMonth_IsRefused()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        using var writer = archive.StartFile(Sample.Stream());
        writer.Append(1, Sample.Recorded, Sample.Batch(5, Sample.Plain(0, 1)), 0);

        Assert.Throws<ArgumentException>(() => writer.Append(1, Sample.Recorded, Sample.Batch(5, Sample.Plain(0, 1)), 0));
        Assert.Throws<ArgumentException>(() => writer.Append(0, Sample.Recorded, Sample.Batch(9, Sample.Plain(0, 1)), 0));
        Assert.Throws<ArgumentException>(() => writer.Append(1, Sample.Recorded + (40L * 86_400_000_000), Sample.Batch(6, Sample.Plain(0, 1)), 0));
    }

    private static async Task<ArchiveFile> CommitAsync(EventArchive archive, params (int Partition, byte[] Batch)[] batches)
    {
        using var writer = archive.StartFile(Sample.Stream());
        foreach (var (partition, batch) in batches)
        {
            writer.Append(partition, Sample.Recorded, batch, 0);
        }

        using var encoded = writer.Finish();
        var outcome = await archive.CommitAsync([encoded], []);
        Assert.Equal(SealResult.Committed, outcome.Result);
        return outcome.Files[0];
    }
}
