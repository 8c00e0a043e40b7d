using CsCheck;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

public sealed class RecordBatchTests
{
    private static readonly Gen<ReadOnlyMemory<byte>?> Bytes =
        Gen.Frequency((1, Gen.Const((ReadOnlyMemory<byte>?)null)), (4, Gen.Byte.Array[0, 40].Select(b => (ReadOnlyMemory<byte>?)b)));

    private static readonly Gen<Event> Events =
        from timestamp in Gen.Frequency((8, Gen.Long[0, 4_000_000_000_000]), (1, Gen.Long), (1, Gen.OneOf(Gen.Const(-1L), Gen.Const(long.MinValue), Gen.Const(long.MaxValue))))
        from key in Bytes
        from headers in Gen.Select(Gen.String[0, 8], Bytes, (k, v) => new EventHeader(k.Replace('\ud800', 'x'), v)).Where(h => IsUtf8(h.Key)).Array[0, 4]
        from body in Bytes
        select new Event(timestamp, key, headers, body);

    [Fact]
    public void Reader_AfterBuilder_GivesTheSameEvents() => Events.Array[1, 20].Sample(events =>
    {
        var builder = new RecordBatchBuilder();
        builder.Start(1000, 3);
        var added = events.Select((e, i) => (Event: e, Offset: 1000L + i)).TakeWhile(p => builder.TryAdd(p.Offset, p.Event)).ToList();
        var batch = builder.Finish();

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch.Span, new BatchLimits(), out var reason));
        Assert.Null(reason);
        using var reader = new RecordBatchReader(batch.Span);
        Assert.Equal(3, reader.Header.LeaderEpoch);
        foreach (var (expected, offset) in added)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(offset, reader.Current.Offset);
            AssertSame(expected, reader.Current.ToEvent());
        }

        Assert.False(reader.MoveNext());
    });

    [Fact]
    public void Check_AnyByteChanged_FindsAFault()
    {
        var batch = Batch(3);
        for (var i = 8; i < batch.Length; i++)
        {
            // The leader epoch lies outside the CRC and is the log's to assign.
            if (i is >= 12 and < 16)
            {
                continue;
            }

            var changed = batch.ToArray();
            changed[i] ^= 0x41;
            Assert.NotEqual(BatchFault.None, RecordBatch.Check(changed, new BatchLimits(), out _));
        }
    }

    [Fact]
    public void Check_LargerThanTheLimit_IsTooLarge()
    {
        var batch = Batch(3);

        Assert.Equal(BatchFault.TooLarge, RecordBatch.Check(batch, new BatchLimits(batch.Length - 1), out _));
        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(batch.Length), out _));
    }

    [Fact]
    public void Assign_ChangesOffsetAndEpoch_AndKeepsTheCrc()
    {
        var batch = Batch(2);

        RecordBatch.Assign(batch, 77, 9);

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out _));
        Assert.True(RecordBatchHeader.TryRead(batch, out var header));
        Assert.Equal((77, 9), (header.BaseOffset, header.LeaderEpoch));
    }

    [Fact]
    public void SetLogAppendTime_EveryRecord_HasThatTime()
    {
        var batch = Batch(2);

        RecordBatch.SetLogAppendTime(batch, 123_456);

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out _));
        using var reader = new RecordBatchReader(batch);
        while (reader.MoveNext())
        {
            Assert.Equal(123_456, reader.Current.Timestamp);
        }
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(1_700_000_000_001)]
    [InlineData(long.MaxValue)]
    public void SetCreateTime_OfAHeaderThatSaysOtherwise_MakesItTellTheRecords(long said)
    {
        var sound = Batch(3);
        var batch = Batch(3);
        RecordBatch.SetLogAppendTime(batch, said);

        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, new BatchLimits(), out _, out var max));
        Assert.Equal(1_700_000_000_002, max);
        RecordBatch.SetCreateTime(batch, max);

        Assert.Equal(sound, batch);
    }

    private static byte[] Batch(int events)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, 0);
        for (var i = 0; i < events; i++)
        {
            Assert.True(builder.TryAdd(i, new Event(1_700_000_000_000 + i, "key"u8.ToArray(), [new EventHeader("h", "v"u8.ToArray())], "body"u8.ToArray())));
        }

        return builder.Finish().ToArray();
    }

    private static bool IsUtf8(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void AssertSame(Event expected, Event actual)
    {
        Assert.Equal(expected.Timestamp, actual.Timestamp);
        Assert.Equal(expected.Key?.ToArray(), actual.Key?.ToArray());
        Assert.Equal(expected.Body?.ToArray(), actual.Body?.ToArray());
        Assert.Equal(expected.Headers.Select(h => h.Key), actual.Headers.Select(h => h.Key));
        Assert.Equal(expected.Headers.Select(h => h.Value?.ToArray()), actual.Headers.Select(h => h.Value?.ToArray()));
    }
}
