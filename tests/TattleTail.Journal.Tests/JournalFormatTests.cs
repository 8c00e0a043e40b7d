using System.Text;

namespace TattleTail.Journal.Tests;

/// <summary>The bytes of docs/formats/journal.md. A test that fails here means that older data folders cannot be read: raise the version instead.</summary>
public sealed class JournalFormatTests
{
    [Fact]
    public void SegmentHeader_Bytes_AreFrozen()
    {
        var block = new byte[SegmentHeader.EntriesAt];
        new SegmentHeader(Number: 3, Epoch: 2, Start: 0x1000, CreatedMicros: 5).Write(block);

        Assert.Equal("TATTJRN1", Encoding.ASCII.GetString(block, 0, 8));
        Assert.Equal(
            "010000000200000003000000000000000010000000000000050000000000000000000000000000000000000000000000000000003B87788B", Convert.ToHexString(block.AsSpan(8, 56)));
        Assert.Equal(block[..64], block[2048..2112]);
        Assert.Equal(4096, block.Length);
    }

    [Fact]
    public void EntryHeader_Bytes_AreFrozen()
    {
        var bytes = new byte[EntryHeader.Size];
        new EntryHeader(PayloadCrc: 0x01020304, PayloadLength: 9, EntryKind.Snapshot, Durable: 0x20).Write(bytes, epoch: 2, position: 0x40);

        Assert.Equal("A1ADB091" + "04030201" + "09000000" + "03000000" + "2000000000000000", Convert.ToHexString(bytes));
        Assert.Equal(40, EntryHeader.SizeOf(9));
    }

    [Fact]
    public void Kinds_Numbers_AreFrozen() =>
        Assert.Equal([1, 2, 3, 4, 5], new[] { EntryKind.Batch, EntryKind.State, EntryKind.Snapshot, EntryKind.Relocated, EntryKind.Mark }.Select(kind => (int)kind));

    [Fact]
    public void BatchPayload_Bytes_AreFrozen()
    {
        var payload = new BatchPayload(0x0807060504030201, new byte[] { 0xAA, 0xBB }, default);
        var bytes = new byte[BatchPayloadCodec.Size(payload)];
        BatchPayloadCodec.Write(bytes, new StreamPartition(7, 8), payload);

        Assert.Equal("07000000" + "08000000" + "0102030405060708" + "0200" + "000000000000" + "AABB", Convert.ToHexString(bytes));
    }

    [Fact]
    public void Footer_Bytes_AreFrozen()
    {
        var index = new SegmentIndex();
        index.Snapshots.Add(0x1010);
        index.TryAdd(new ListKey(new StreamPartition(1, 2), false), new IndexedBatch(0x1000, 300, 5, 6, 2, -1, 1000));
        index.TryAdd(new ListKey(new StreamPartition(1, 2), false), new IndexedBatch(0x1200, 301, 9, 9, 1, 7, 1001));
        var bytes = SegmentFooter.Encode(index, new SegmentHeader(3, 2, 0x1000, 5), fileOffset: 0x1400, end: 0x1400);

        Assert.Equal("01100101020002050403D904D00F020E12E5D2B2920100AC0205010201D00F8004AD020200011002001400000000000016000000120000008C32871C00000000001400000000000000000000000000000000000000000000000000002DE760EA545454464F4F5431", Convert.ToHexString(bytes));
    }
}
