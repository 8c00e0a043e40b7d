using System.Globalization;
using System.Text;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

/// <summary>Batches that Apache Kafka's own classes made (Golden/MakeBatches.java).</summary>
public sealed class KafkaBatchTests
{
    private const int Events = 1500;
    private const long FirstOffset = 500;
    private const int LeaderEpoch = 9;

    [Theory]
    [InlineData("none", BatchCompression.None)]
    [InlineData("gzip", BatchCompression.Gzip)]
    [InlineData("snappy", BatchCompression.Snappy)]
    [InlineData("lz4", BatchCompression.Lz4)]
    [InlineData("zstd", BatchCompression.Zstd)]
    public void Reader_KafkasBatch_GivesTheEventsThatWerePutIn(string name, BatchCompression compression)
    {
        var batch = Golden(name);

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out var reason));
        Assert.Null(reason);
        using var reader = new RecordBatchReader(batch);
        Assert.Equal((compression, Events, LeaderEpoch), (reader.Header.Compression, reader.Header.Count, reader.Header.LeaderEpoch));
        for (var i = 0; i < Events; i++)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(FirstOffset + i, reader.Current.Offset);
            EventGen.AssertSame(Expected(i), reader.Current.ToEvent());
        }

        Assert.False(reader.MoveNext());
    }

    [Fact]
    public void Builder_TheSameEvents_MakesKafkasBytes()
    {
        var builder = new RecordBatchBuilder();
        builder.Start(FirstOffset, LeaderEpoch);
        for (var i = 0; i < Events; i++)
        {
            Assert.True(builder.TryAdd(FirstOffset + i, Expected(i)));
        }

        Assert.True(builder.Finish().Span.SequenceEqual(Golden("none")));
    }

    [Fact]
    public void Builder_ExtremeTimestamps_MakesKafkasBytes()
    {
        var builder = new RecordBatchBuilder();
        builder.Start(FirstOffset, LeaderEpoch);
        var offset = FirstOffset;
        foreach (var timestamp in (long[])[long.MaxValue, -1, 0, 1_700_000_000_000_000_000])
        {
            Assert.True(builder.TryAdd(offset++, new Event(timestamp, null, [], null)));
        }

        Assert.True(builder.Finish().Span.SequenceEqual(Golden("extremes")));
    }

    private static Event Expected(int i) => new(
        1_700_000_000_000 + (i % 7) - 3,
        i % 3 == 0 ? default(ReadOnlyMemory<byte>?) : Utf8($"key-{i}"),
        [new("n", Utf8(i.ToString(CultureInfo.InvariantCulture))), new("n", null), new("ü", Utf8(""))],
        i % 5 == 0 ? default(ReadOnlyMemory<byte>?) : Utf8($"body {i}"));

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Golden(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Golden", name + ".batch"));
}
