using TattleTail.Events.RecordBatches;

namespace TattleTail.Events.Tests;

public sealed class CheckTests
{
    private const int HugeLength = 0x7FFFFFFF;

    private static readonly byte[] Good = NaiveBatch.Record(0, 0, "k"u8.ToArray(), "v"u8.ToArray(), ("h", null));

    public static TheoryData<string> Faults => [.. Cases.Keys];

    private static Dictionary<string, (NaiveBatch Batch, BatchFault Fault, string Reason)> Cases => new()
    {
        ["magic 1"] = (With(b => b.Magic = 1), BatchFault.UnsupportedMagic, "version 1"),
        ["length less"] = (With(b => b.BatchLength = 60), BatchFault.Corrupt, "length"),
        ["length more"] = (With(b => b.BatchLength = 1000), BatchFault.Corrupt, "length"),
        ["length negative"] = (With(b => b.BatchLength = -1), BatchFault.Corrupt, "length"),
        ["length overflows"] = (With(b => b.BatchLength = int.MaxValue), BatchFault.Corrupt, "length"),
        ["crc"] = (With(b => b.Crc = 1), BatchFault.CrcMismatch, "CRC"),
        ["count 0"] = (With(b => b.Count = 0), BatchFault.Corrupt, "0 records"),
        ["count negative"] = (With(b => (b.Count, b.LastOffsetDelta) = (-1, -2)), BatchFault.Corrupt, "-1 records"),
        ["count more"] = (With(b => b.Count = 2), BatchFault.Corrupt, "record's length"),
        ["count huge"] = (With(b => b.Count = int.MaxValue), BatchFault.Corrupt, "record's length"),
        ["count less"] = (With(b => b.Count = 1, Good, NaiveBatch.Record(0, 1, null, null)), BatchFault.Corrupt, "left over"),
        ["last offset delta"] = (With(b => b.LastOffsetDelta = 1), BatchFault.Corrupt, "offset delta 1"),
        ["control"] = (With(b => b.Attributes = 0x20), BatchFault.InvalidRecord, "control"),
        ["transactional"] = (With(b => b.Attributes = 0x10), BatchFault.InvalidRecord, "transactions"),
        ["sequence below zero"] = (With(b => (b.ProducerId, b.ProducerEpoch) = (5, 0)), BatchFault.InvalidRecord, "sequence"),
        ["producer epoch below zero"] = (With(b => (b.ProducerId, b.BaseSequence) = (5, 0)), BatchFault.InvalidRecord, "epoch"),
        ["compression 5"] = (With(b => b.Attributes = 5), BatchFault.UnsupportedCompression, "type 5"),
        ["no such gzip"] = (With(b => b.Attributes = 1), BatchFault.Corrupt, "Gzip"),
        ["no such snappy"] = (With(b => b.Attributes = 2), BatchFault.Corrupt, "Snappy"),
        ["no such lz4"] = (With(b => b.Attributes = 3), BatchFault.Corrupt, "Lz4"),
        ["no such zstd"] = (With(b => b.Attributes = 4), BatchFault.Corrupt, "Zstd"),
        ["offset delta repeats"] = (With(_ => { }, Good, Good), BatchFault.Corrupt, "offset delta 0"),
        ["offset delta leaves a hole"] = (With(_ => { }, Good, NaiveBatch.Record(0, 2, null, null)), BatchFault.Corrupt, "offset delta 2"),
        ["record length negative"] = (With(_ => { }, NaiveBatch.Varint(-1)), BatchFault.Corrupt, "record's length"),
        ["record length huge"] = (With(_ => { }, [.. NaiveBatch.Varint(HugeLength), .. Good]), BatchFault.Corrupt, "record's length"),
        ["record length of six bytes"] = (With(_ => { }, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]), BatchFault.Corrupt, "record's length"),
        ["record empty"] = (With(_ => { }, NaiveBatch.Framed()), BatchFault.Corrupt, "timestamp or offset"),
        ["timestamp of eleven bytes"] = (With(_ => { }, NaiveBatch.Framed(0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1)), BatchFault.Corrupt, "timestamp or offset"),
        ["offset cut"] = (With(_ => { }, NaiveBatch.Framed(0, 0, 0x80)), BatchFault.Corrupt, "timestamp or offset"),
        ["key length -2"] = (With(_ => { }, Raw(NaiveBatch.Varint(-2))), BatchFault.Corrupt, "key or value"),
        ["key length huge"] = (With(_ => { }, Raw(NaiveBatch.Varint(HugeLength))), BatchFault.Corrupt, "key or value"),
        ["body beyond the record"] = (With(_ => { }, Raw([1, .. NaiveBatch.Varint(9)])), BatchFault.Corrupt, "key or value"),
        ["headers negative"] = (With(_ => { }, Raw([1, 1, .. NaiveBatch.Varint(-1)])), BatchFault.Corrupt, "header count"),
        ["headers more than bytes"] = (With(_ => { }, Raw([1, 1, .. NaiveBatch.Varint(3), 0, 1])), BatchFault.Corrupt, "header count"),
        ["headers huge"] = (With(_ => { }, Raw([1, 1, .. NaiveBatch.Varint(HugeLength)])), BatchFault.Corrupt, "header count"),
        ["header key null"] = (With(_ => { }, Raw([1, 1, 2, 1, 1])), BatchFault.Corrupt, "headers of record 0"),
        ["header value -2"] = (With(_ => { }, Raw([1, 1, 2, 0, 3])), BatchFault.Corrupt, "headers of record 0"),
        ["header beyond the record"] = (With(_ => { }, Raw([1, 1, 2, 8, 1])), BatchFault.Corrupt, "headers of record 0"),
        ["header key not UTF-8"] = (With(_ => { }, Raw([1, 1, 2, 2, 0xFF, 1])), BatchFault.InvalidRecord, "UTF-8"),
        ["record not consumed"] = (With(_ => { }, Raw([1, 1, 0, 0])), BatchFault.Corrupt, "after the headers"),
        ["bytes after the records"] = (With(b => b.Count = 1, Good, [0]), BatchFault.Corrupt, "left over"),
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_Fault_IsFoundAndTold(string name)
    {
        var (batch, fault, reason) = Cases[name];

        Assert.Equal(fault, RecordBatch.Check(batch.Encode(), new BatchLimits(), out var told));
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_GoodBatch_HasNoFaultAndAllocatesNothing()
    {
        var batch = With(b => (b.ProducerId, b.ProducerEpoch, b.BaseSequence) = (5, 0, 0), Good, NaiveBatch.Record(-1, 1, null, null)).Encode();
        var limits = new BatchLimits();
        Assert.Equal(BatchFault.None, RecordBatch.Check(batch, limits, out var reason));
        Assert.Null(reason);

        var before = GC.GetAllocatedBytesForCurrentThread();
        RecordBatch.Check(batch, limits, out _);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Check_CutAnywhere_IsAFault()
    {
        var batch = With(_ => { }).Encode();
        for (var length = 0; length < batch.Length; length++)
        {
            Assert.NotEqual(BatchFault.None, RecordBatch.Check(batch.AsSpan(0, length), new BatchLimits(), out var reason));
            Assert.NotNull(reason);
        }
    }

    [Fact]
    public void Check_TwoBatches_AreNotOne()
    {
        var batch = With(_ => { }).Encode();

        Assert.Equal(BatchFault.Corrupt, RecordBatch.Check((byte[])[.. batch, .. batch], new BatchLimits(), out _));
    }

    /// <summary>A length so near to the largest int32 that the whole size, twelve bytes more, overflows. Found by the fuzzer.</summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 11)]
    [InlineData(int.MaxValue - 12)]
    [InlineData(-1)]
    [InlineData(0)]
    public void CrcMatches_LengthThatCannotBe_IsFalse(int length) => Assert.False(RecordBatch.CrcMatches(With(b => b.BatchLength = length).Encode()));

    private static NaiveBatch With(Action<NaiveBatch> change, params byte[][] records)
    {
        var batch = new NaiveBatch();
        batch.Records.AddRange(records.Length == 0 ? [Good] : records);
        change(batch);
        return batch;
    }

    /// <summary>A record of offset delta 0 whose rest, from the key on, is given.</summary>
    private static byte[] Raw(byte[] rest) => NaiveBatch.Framed([0, 0, 0, .. rest]);
}
