using TattleTail.Journal.Tests.Crashes;

namespace TattleTail.Journal.Tests;

public sealed class JournalLimitTests
{
    private readonly MemoryFiles _files = new();

    [Fact]
    public async Task Append_EntryAtTheLimitAndOneByteMore_IsReadBackAndRefused()
    {
        var work = new Workload(_files);
        var most = work.Options.MaxEntryBytes;
        var overhead = BatchPayloadCodec.PrefixSize + 1;
        var bytes = most - overhead - Exact(1).Length + 1;
        await using (var journal = await work.OpenAsync())
        {
            await journal.AppendStateAsync(new byte[most]);
            await journal.AppendAsync(new Workload.ReadyBatch(new StreamPartition(1, 0), Exact(bytes)));

            await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.AppendStateAsync(new byte[most + 1]));
            await Assert.ThrowsAnyAsync<ArgumentException>(() => journal.AppendSnapshotAsync(new byte[most + 1]));
            await Assert.ThrowsAsync<ArgumentException>(() => journal.AppendAsync(new Workload.ReadyBatch(new StreamPartition(1, 0), Exact(bytes + 1))));
            Assert.Null(journal.Fault);
        }

        await using var again = await work.OpenAsync();
        Assert.Empty(again.Recovery.Corruptions);
        var sizes = new List<int>();
        await foreach (var entry in again.ReadEntriesAsync(0))
        {
            if (entry.Kind is EntryKind.State or EntryKind.Batch)
            {
                sizes.Add(entry.Kind == EntryKind.Batch ? entry.Batch.Batch.Length + overhead : entry.Payload.Length);
            }
        }

        Assert.Equal([most, most], sizes);

        // From 16 KiB on, a body's length takes three bytes.
        static byte[] Exact(int more) => JournalFolder.Batch(0, 1, 20_000 + more);
    }

    [Theory]
    [InlineData(65_535, true)]
    [InlineData(65_536, false)]
    public async Task Append_SourcePositionAtTheLimitAndOneByteMore_IsTakenAndRefused(int bytes, bool taken)
    {
        var work = new Workload(_files);
        await using var journal = await WriteAheadJournal.OpenAsync(work.Options with { MaxEntryBytes = 1024 * 1024 });

        var error = await Record.ExceptionAsync(() => journal.AppendAsync(new PositionedBatch(bytes)));

        Assert.Equal(taken, error is not ArgumentException);
        Assert.Equal(taken, error is null);
        Assert.Null(journal.Fault);
    }

    [Fact]
    public async Task Trim_MoreSegmentsThanSparesMayBe_RemovesTheOthers()
    {
        var work = new Workload(_files);
        Assert.Equal(4, work.Options.MaxSpareSegments);
        await using var journal = await work.OpenAsync();
        foreach (var (rolls, spares) in ((int, int)[])[(3, 3), (5, 4)])
        {
            for (var i = 0; i < rolls; i++)
            {
                await work.AppendAsync(journal, 3);
                await journal.RollAsync();
            }

            await journal.AppendSnapshotAsync(new byte[] { 1 });
            await journal.TrimAsync(journal.Segments[^1].Number);
            Assert.Equal(spares, _files.Names.Count(name => name.EndsWith(".spare", StringComparison.Ordinal)));
            Assert.Single(_files.Names, name => name.EndsWith(".seg", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Footers_AtTheBoundAndOneMore_KeepAllAndForgetTheOneLeastUsed()
    {
        var batches = new List<IndexedBatch> { default, default };
        var probe = new FooterCache(long.MaxValue);
        probe.Add(1, default, batches);
        var cache = new FooterCache(3 * probe.Bytes);
        for (var segment = 1; segment <= 3; segment++)
        {
            cache.Add(segment, default, batches);
        }

        Assert.Equal(3 * probe.Bytes, cache.Bytes);
        Assert.NotNull(cache.Find(1, default));
        cache.Add(4, default, batches);

        Assert.Equal(3 * probe.Bytes, cache.Bytes);
        Assert.Null(cache.Find(2, default));
        Assert.NotNull(cache.Find(1, default));
    }

    private sealed class PositionedBatch(int bytes) : BatchEntry(new StreamPartition(1, 0))
    {
        public override BatchPayload Freeze() => new(1000, new byte[bytes], JournalFolder.Batch(0, 1));
    }
}
