using TattleTail.Events;

namespace TattleTail.Journal.Tests.Crashes;

/// <summary>Bytes that change on the disk, files that are cut, copies that differ.</summary>
public sealed class DamageTests
{
    private static readonly StreamPartition Partition = new(1, 0);

    [Fact]
    public async Task Open_TailTornAtAnyByte_KeepsAllWholeEntriesBefore()
    {
        var (name, bytes) = await OneSegmentAsync(batches: 4);
        var ends = EntryEnds(bytes);
        for (var length = SegmentHeader.EntriesAt; length < ends[^1]; length++)
        {
            var files = new MemoryFiles();
            files.Put(name, [.. bytes[..length], .. new byte[bytes.Length - length]]);
            var work = new Workload(files);

            Assert.Equal(ends.Count(end => end <= length || Same(bytes, length, end)), await CountAsync(work));
            Assert.Equal(ends.Count(end => end <= length || Same(bytes, length, end)), await CountAsync(work));
        }
    }

    [Fact]
    public async Task Open_BitFlippedAnywhere_IsNamedOrHarmlessAndNeverServed()
    {
        var (name, bytes) = await OneSegmentAsync(batches: 4);
        var end = EntryEnds(bytes)[^1];
        for (var at = 0; at < end; at += at is >= SegmentHeader.Size and < SegmentHeader.EntriesAt ? 61 : 1)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= (byte)(1 << (at % 8));
            var files = new MemoryFiles();
            files.Put(name, damaged);
            var work = new Workload(files);
            await using var journal = await work.OpenAsync();

            var served = await OffsetsAsync(journal);
            var named = journal.Recovery.Corruptions.Count > 0 || journal.Recovery.CutAt is not null;
            Assert.True(served.Count == 4 || named || served.SequenceEqual([0L, 2, 4]), $"byte {at}: {served.Count} served");
            Assert.True(served.Count >= 3, $"byte {at}: {served.Count} served");
        }
    }

    [Fact]
    public async Task Open_BothCopiesOfTheLastHeaderDamaged_IsNamedAndTheFileStays()
    {
        var files = new MemoryFiles();
        var work = new Workload(files);
        await using (var journal = await work.OpenAsync())
        {
            await work.AppendAsync(journal, 3);
            await journal.RollAsync();
            await work.AppendAsync(journal, 3);
        }

        var name = files.Names[^1];
        var bytes = files[name];
        bytes[20] ^= 1;
        bytes[SegmentHeader.SecondCopyAt + 20] ^= 1;
        files[name] = bytes;

        for (var i = 0; i < 2; i++)
        {
            await using var journal = await work.OpenAsync();
            Assert.NotEmpty(journal.Recovery.Corruptions);
            Assert.Contains(name, files.Names);
            Assert.Equal([0L], await OffsetsAsync(journal));
        }
    }

    [Fact]
    public async Task Open_FooterDamagedAnywhere_IsRebuiltByAScan()
    {
        var files = new MemoryFiles();
        var work = new Workload(files);
        await using (var journal = await work.OpenAsync())
        {
            await work.AppendAsync(journal, 15);
            await journal.RollAsync();
        }

        var name = files.Names[0];
        var whole = files[name];
        for (var at = EntryEnds(whole)[^1]; at < whole.Length; at++)
        {
            var bytes = (byte[])whole.Clone();
            bytes[at] ^= 4;
            files[name] = bytes;
            await using var journal = await work.OpenAsync();

            Assert.Empty(journal.Recovery.Corruptions);
            Assert.Equal([0L, 2, 4, 6, 8], await OffsetsAsync(journal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_RelocatedCopy_IsOneEntryWhenEqualAndDamageWhenNot(bool equal)
    {
        var files = new MemoryFiles();
        files.Put(Segment.FileName(1), SegmentBytes(1, 0, (EntryKind.Batch, 0, 1), (EntryKind.Batch, 2, 1)));
        files.Put(Segment.FileName(2), SegmentBytes(2, FirstEnd(), (EntryKind.Batch, 4, 1), (EntryKind.Relocated, 0, equal ? 1 : 2)));
        var work = new Workload(files);

        await using var journal = await work.OpenAsync();

        Assert.Equal([0L, 2, 4], await OffsetsAsync(journal));
        Assert.Equal(equal ? 0 : 1, journal.Recovery.Corruptions.Count);
        var kinds = new List<EntryKind>();
        await foreach (var entry in journal.ReadEntriesAsync(0))
        {
            if (entry.Kind != EntryKind.Mark)
            {
                kinds.Add(entry.Kind);
            }
        }

        Assert.Equal([EntryKind.Batch, EntryKind.Batch, EntryKind.Batch], kinds);
    }

    [Fact]
    public async Task Open_RelocatedCopyWhoseOriginalIsGone_IsServedInOffsetOrder()
    {
        var files = new MemoryFiles();
        files.Put(Segment.FileName(2), SegmentBytes(2, FirstEnd(), (EntryKind.Batch, 4, 1), (EntryKind.Relocated, 0, 1), (EntryKind.Relocated, 2, 1)));
        var work = new Workload(files);

        await using (var journal = await work.OpenAsync())
        {
            Assert.Equal(0, journal.FirstOffset(Partition));
            Assert.Equal([0L, 2, 4], await OffsetsAsync(journal));
        }

        await using var again = await work.OpenAsync();
        Assert.Equal([0L, 2, 4], await OffsetsAsync(again));
    }

    [Fact]
    public async Task Read_ByteRottenWhileOpen_IsNamedAndTheRestServed()
    {
        var files = new MemoryFiles();
        var work = new Workload(files);
        await using var journal = await work.OpenAsync();
        await work.AppendAsync(journal, 9);
        var bytes = files[files.Names[0]];
        bytes[SegmentHeader.EntriesAt + 100] ^= 1;
        files[files.Names[0]] = bytes;

        var damage = await Assert.ThrowsAsync<JournalDamagedException>(async () => await journal.ReadAsync(Partition, 0, 100));
        Assert.Equal(1, damage.LastOffset);
        Assert.Single(journal.Corruptions);
        using var read = await journal.ReadAsync(Partition, damage.LastOffset + 1, 100_000);
        Assert.Equal(2, read.Batches.Count);
    }

    /// <summary>A closed journal of one segment: the name and bytes of its file.</summary>
    private static async Task<(string Name, byte[] Bytes)> OneSegmentAsync(int batches)
    {
        var files = new MemoryFiles();
        var work = new Workload(files);
        await using (var journal = await work.OpenAsync())
        {
            for (var i = 0; i < batches; i++)
            {
                await work.AppendAsync(journal, 1, size: 60);
            }
        }

        return (files.Names[0], files[files.Names[0]]);
    }

    private static bool Same(byte[] bytes, int from, int to) => bytes.AsSpan(from, to - from).IndexOfAnyExcept((byte)0) < 0;

    /// <summary>Where in the file each entry ends.</summary>
    private static List<int> EntryEnds(byte[] file)
    {
        Assert.Equal(HeaderState.Sound, SegmentHeader.TryRead(file, BitConverter.ToInt64(file, 16), "", out var header));
        var ends = new List<int>();
        for (var at = SegmentHeader.EntriesAt; EntryHeader.TryRead(file.AsSpan(at), header.Epoch, header.Start + at - SegmentHeader.EntriesAt, out var entry);)
        {
            at += (int)entry.EntrySize;
            ends.Add(at);
        }

        return ends;
    }

    private static async Task<int> CountAsync(Workload work)
    {
        await using var journal = await work.OpenAsync();
        Assert.Empty(journal.Recovery.Corruptions);
        return (await OffsetsAsync(journal)).Count;
    }

    private static async Task<List<long>> OffsetsAsync(WriteAheadJournal journal)
    {
        var offsets = new List<long>();
        for (long next = 0; ;)
        {
            using var read = await journal.ReadAsync(Partition, next, 1);
            if (read.Batches.Count == 0)
            {
                return offsets;
            }

            Assert.True(Events.RecordBatches.RecordBatchHeader.TryRead(read.Batches[0].Batch.Span, out var header));
            Assert.True(Events.RecordBatches.RecordBatch.CrcMatches(read.Batches[0].Batch.Span));
            offsets.Add(header.BaseOffset);
            next = header.LastOffset + 1;
        }
    }

    private static long FirstEnd() => 2 * EntryHeader.SizeOf(BatchPayloadCodec.PrefixSize + Workload.Batch(0, 60).Length);

    private static byte[] SegmentBytes(long number, long start, params (EntryKind Kind, long Offset, long RecordedAt)[] entries)
    {
        var file = new byte[16 * 1024];
        new SegmentHeader(number, 1, start, 0).Write(file);
        var position = start;
        foreach (var (kind, offset, recordedAt) in entries)
        {
            var at = (int)(position - start) + SegmentHeader.EntriesAt;
            var batch = new BatchPayload(recordedAt, default, Workload.Batch(offset, 60));
            var payload = file.AsSpan(at + EntryHeader.Size, BatchPayloadCodec.Size(batch));
            BatchPayloadCodec.Write(payload, Partition, batch);
            var header = new EntryHeader(Crc32C.Of(payload), payload.Length, kind, start);
            header.Write(file.AsSpan(at), 1, position);
            position += header.EntrySize;
        }

        return file;
    }
}
