using CsCheck;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

public sealed class NaiveBatchTests
{
    /// <summary>Two records written by hand from the protocol guide; the CRC by a bitwise implementation.</summary>
    [Fact]
    public void Finish_TwoRecords_AreTheGoldenBytes()
    {
        var golden = Convert.FromHexString(string.Concat(
            "0000000000000064", // base offset 100
            "00000054", // 84 bytes follow
            "00000007", // leader epoch 7
            "02", // magic
            "9AD26A0E", // CRC-32C from here to the end
            "0000", // attributes: no compression, CreateTime
            "00000003", // last offset delta: offsets 100 and 103
            "0000018BCFE56800", // base timestamp 1700000000000
            "0000018BCFE56800", // max timestamp 1700000000000
            "FFFFFFFFFFFFFFFF", // no producer id
            "FFFF", // no producer epoch
            "FFFFFFFF", // no sequence
            "00000002", // two records
            "28", // record of 20 bytes
            "00", // attributes
            "00", // timestamp delta 0
            "00", // offset delta 0
            "06", "6B6579", // key of 3 bytes: key
            "08", "626F6479", // body of 4 bytes: body
            "04", // two headers
            "02", "68", "02", "76", // h: v
            "02", "68", "01", // h: null
            "1A", // record of 13 bytes
            "00",
            "01", // timestamp delta -1
            "06", // offset delta 3
            "01", // key: null
            "00", // body: empty
            "02", // one header
            "0A", "C3BC2D7569", "00")); // ü-ui: empty

        var builder = new RecordBatchBuilder();
        builder.Start(100, 7);
        Assert.True(builder.TryAdd(100, new Event(1_700_000_000_000, "key"u8.ToArray(), [new("h", "v"u8.ToArray()), new("h", null)], "body"u8.ToArray())));
        Assert.True(builder.TryAdd(103, new Event(1_699_999_999_999, null, [new("ü-ui", ""u8.ToArray())], ""u8.ToArray())));

        Assert.Equal(Convert.ToHexString(golden), Convert.ToHexString(builder.Finish().Span));
        Assert.True(RecordBatch.CrcMatches(golden));
        Assert.Equal(NaiveBatch.Crc32C(golden.Skip(21)), Crc32C.Of(golden.AsSpan(21)));
    }

    [Fact]
    public void Of_AnyBytes_IsTheBitwiseCrc() => Gen.Byte.Array[0, 8000].Sample(bytes =>
    {
        Assert.Equal(NaiveBatch.Crc32C(bytes), Crc32C.Of(bytes));
        Assert.Equal(NaiveBatch.Crc32C(bytes), Crc32C.Append(Crc32C.Of(bytes.AsSpan(0, bytes.Length / 3)), bytes.AsSpan(bytes.Length / 3)));
    });

    /// <summary>RFC 3720, B.4.</summary>
    [Fact]
    public void Of_VectorsOfRfc3720_AreTheirs()
    {
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32]));
        Assert.Equal(0x62A8AB43u, Crc32C.Of([.. Enumerable.Repeat((byte)0xFF, 32)]));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
    }

    [Fact]
    public void Builder_AnyEvents_MakesTheNaiveBytes() =>
        Gen.Select(EventGen.Events.Array[1, 12], Gen.Int[0, 3], Gen.Int[0, 1_000_000]).Sample((events, gap, epoch) =>
        {
            var builder = new RecordBatchBuilder();
            builder.Start(50, epoch);
            var naive = new NaiveBatch { BaseOffset = 50, LeaderEpoch = epoch, BaseTimestamp = events[0].Timestamp, MaxTimestamp = long.MinValue };
            for (var i = 0; i < events.Length; i++)
            {
                var delta = (Int128)events[i].Timestamp - events[0].Timestamp;
                var fits = delta >= long.MinValue && delta <= long.MaxValue;
                var size = builder.Size;

                Assert.Equal(fits, builder.TryAdd(50 + (i * (gap + 1L)), events[i]));
                if (fits)
                {
                    naive.Records.Add(NaiveBatch.Record((long)delta, i * (gap + 1), Array(events[i].Key), Array(events[i].Body), [.. events[i].Headers.Select(h => (h.Key, Array(h.Value)))]));
                    naive.MaxTimestamp = Math.Max(naive.MaxTimestamp, events[i].Timestamp);
                    naive.LastOffsetDelta = i * (gap + 1);
                }
                else
                {
                    Assert.Equal(size, builder.Size);
                }
            }

            Assert.Equal(Convert.ToHexString(naive.Encode()), Convert.ToHexString(builder.Finish().Span));
        });

    /// <summary>A producer's base and delta may wrap; Java's client adds them as int64 do.</summary>
    [Theory]
    [InlineData(long.MaxValue, 1, long.MinValue)]
    [InlineData(long.MinValue, -1, long.MaxValue)]
    [InlineData(-1, long.MinValue, long.MaxValue)]
    [InlineData(0, long.MinValue, long.MinValue)]
    public void Reader_BaseAndDeltaWrap_TimestampIsJavas(long baseTimestamp, long delta, long expected)
    {
        var naive = new NaiveBatch { BaseTimestamp = baseTimestamp, MaxTimestamp = expected, Records = { NaiveBatch.Record(delta, 0, null, null) } };
        var batch = naive.Encode();

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out _));
        using var reader = new RecordBatchReader(batch);
        Assert.True(reader.MoveNext());
        Assert.Equal(expected, reader.Current.Timestamp);
    }

    [Theory]
    [InlineData(long.MinValue, long.MaxValue, false)]
    [InlineData(long.MinValue, -1, true)]
    [InlineData(long.MinValue, 0, false)]
    [InlineData(0, long.MinValue, true)]
    [InlineData(1, long.MinValue, false)]
    [InlineData(1_700_000_000_000, 1_700_000_000_000_000_000, true)]
    public void TryAdd_DeltaOfTimestamps_MustFitInt64(long first, long second, bool fits)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);

        Assert.True(builder.TryAdd(0, new Event(first, null, [], null)));
        Assert.Equal(fits, builder.TryAdd(1, new Event(second, null, [], null)));
        using var reader = new RecordBatchReader(builder.Finish().Span);
        Assert.True(reader.MoveNext());
        Assert.Equal(first, reader.Current.Timestamp);
        Assert.Equal(fits, reader.MoveNext());
        Assert.Equal(fits ? second : first, reader.Current.Timestamp);
    }

    private static byte[]? Array(ReadOnlyMemory<byte>? bytes) => bytes?.ToArray();
}
