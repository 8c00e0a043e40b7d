using TattleTail.Platform;

namespace TattleTail.Journal.Tests;

public sealed class WriteAheadJournalTests : IDisposable
{
    private readonly JournalFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_ManyPartitionsAcrossSegments_IsReadBackInOrder()
    {
        await using var journal = await _folder.OpenAsync();
        await AppendAsync(journal, batches: 400);

        await AssertHoldsAsync(journal, batches: 400);
        Assert.True(journal.Segments.Count > 3);
    }

    [Fact]
    public async Task Open_AfterClose_HoldsTheSameAndGoesOn()
    {
        await using (var journal = await _folder.OpenAsync())
        {
            Assert.True(journal.Recovery.IsNew);
            await AppendAsync(journal, batches: 300);
        }

        await using (var journal = await _folder.OpenAsync())
        {
            Assert.False(journal.Recovery.IsNew);
            Assert.Equal(2, journal.Epoch);
            Assert.Empty(journal.Recovery.Corruptions);
            Assert.Equal(1, journal.Recovery.SegmentsScanned);
            await AssertHoldsAsync(journal, batches: 300);
            await AppendAsync(journal, batches: 100, from: 300);
        }

        await using (var journal = await _folder.OpenAsync())
        {
            await AssertHoldsAsync(journal, batches: 400);
        }
    }

    [Fact]
    public async Task Open_LastFileTornAtAnyPlace_KeepsWhatWasDurableAndServesWholeEntriesOnly()
    {
        await using (var journal = await _folder.OpenAsync())
        {
            await AppendAsync(journal, batches: 20);
        }

        var last = _folder.Segments[^1];
        var whole = await File.ReadAllBytesAsync(last, TestContext.Current.CancellationToken);
        for (var length = SegmentHeader.EntriesAt; length < SegmentHeader.EntriesAt + 4000; length += 37)
        {
            foreach (var other in _folder.Segments)
            {
                File.Delete(other);
            }

            await File.WriteAllBytesAsync(last, [.. whole[..length], .. new byte[whole.Length - length]], TestContext.Current.CancellationToken);
            long expected = 0;
            await using (var journal = await _folder.OpenAsync())
            {
                expected = await CountAsync(journal, 1);
                await journal.AppendAsync(new ReadyBatch(9, 0, 1, JournalFolder.Batch(0, 1)));
            }

            await using (var journal = await _folder.OpenAsync())
            {
                Assert.Equal(expected, await CountAsync(journal, 1));
                Assert.Equal(1, await CountAsync(journal, 9));
            }
        }
    }

    [Fact]
    public async Task Open_AbandonedTail_IsNeverRevived()
    {
        long durable;
        await using (var journal = await _folder.OpenAsync())
        {
            await AppendAsync(journal, batches: 3);
            durable = journal.Durable;
            await AppendAsync(journal, batches: 3, from: 3);
        }

        await using (var journal = await _folder.OpenAsync(abandonAbove: durable))
        {
            Assert.Equal(3, await CountAsync(journal, 1));
        }

        await using (var journal = await _folder.OpenAsync())
        {
            Assert.Equal(3, await CountAsync(journal, 1));
        }
    }

    [Fact]
    public async Task Open_DamageBelowWhatWasDurable_IsReportedAndTheRestServed()
    {
        await using (var journal = await _folder.OpenAsync())
        {
            for (var i = 0; i < 10; i++)
            {
                await AppendAsync(journal, batches: 1, from: i);
            }
        }

        var file = _folder.Segments[^1];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[SegmentHeader.EntriesAt + 60] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        await using var reopened = await _folder.OpenAsync();

        var corruption = Assert.Single(reopened.Recovery.Corruptions);
        Assert.Equal(0, corruption.From);
        Assert.Equal(9, await CountAsync(reopened, 1));
    }

    [Fact]
    public async Task Append_SyncFails_NothingIsAcknowledgedAnyMoreAndReadsGoOn()
    {
        var files = new FailingSyncs(_folder.Files);
        _folder.Files = files;
        await using var journal = await _folder.OpenAsync();
        await AppendAsync(journal, batches: 2);
        files.FailSyncs = true;

        await Assert.ThrowsAsync<JournalFaultedException>(() => AppendAsync(journal, batches: 1, from: 2));
        await journal.Faulted;
        files.FailSyncs = false;

        await Assert.ThrowsAsync<JournalFaultedException>(() => AppendAsync(journal, batches: 1, from: 3));
        Assert.Equal(2, await CountAsync(journal, 1));
        Assert.IsType<FileSystemException>(journal.Fault);
    }

    [Fact]
    public async Task Trim_BelowASnapshot_RemovesSegmentsAndRecyclesThem()
    {
        await using (var journal = await _folder.OpenAsync())
        {
            await AppendAsync(journal, batches: 300);
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await journal.TrimAsync(journal.Segments[^1].Number));
            await journal.AppendSnapshotAsync(new byte[] { 1, 2, 3 });
            await journal.TrimAsync(journal.Segments[^1].Number);

            Assert.Single(journal.Segments);
            Assert.NotEmpty(Directory.GetFiles(_folder.Path, "*.spare"));
            Assert.True(journal.FirstOffset(new StreamPartition(1, 0)) > 0);
            await AppendAsync(journal, batches: 300, from: 300);
        }

        await using var reopened = await _folder.OpenAsync();
        Assert.Empty(reopened.Recovery.Corruptions);
        Assert.NotNull(reopened.LastSnapshot);
        var kinds = new List<EntryKind>();
        await foreach (var entry in reopened.ReadEntriesAsync(reopened.LastSnapshot.Value))
        {
            kinds.Add(entry.Kind);
        }

        Assert.Equal(EntryKind.Snapshot, kinds[0]);
    }

    [Fact]
    public async Task Append_EntryLargerThanASegment_GetsASegmentOfItsOwn()
    {
        await using var journal = await _folder.OpenAsync();
        await journal.AppendAsync(new ReadyBatch(1, 0, 1, JournalFolder.Batch(0, 1, bodyBytes: 200_000)));
        await journal.AppendAsync(new ReadyBatch(1, 0, 2, JournalFolder.Batch(1, 1)));

        Assert.Equal(2, await CountAsync(journal, 1));
    }

    [Fact]
    public async Task Open_NewerFormat_IsRefused()
    {
        await using (await _folder.OpenAsync())
        {
        }

        var file = _folder.Segments[0];
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(60), Events.Crc32C.Of(bytes.AsSpan(0, 60)));
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);

        Assert.Contains("format 2", (await Assert.ThrowsAsync<JournalFormatException>(async () => await _folder.OpenAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ByTime_GivesTheFirstBatchAtOrAfter()
    {
        await using var journal = await _folder.OpenAsync();
        await AppendAsync(journal, batches: 50);

        Assert.Equal(42, await journal.FindAsync(new StreamPartition(1, 0), 0, 1_700_000_000_000 + 42, byRecorded: false));
        Assert.Equal(7, await journal.FindAsync(new StreamPartition(1, 0), 0, 1007, byRecorded: true));
        Assert.Null(await journal.FindAsync(new StreamPartition(1, 0), 0, 1_800_000_000_000, byRecorded: false));
    }

    private static Task<long[]> AppendAsync(WriteAheadJournal journal, int batches, int from = 0) =>
        Task.WhenAll(Enumerable.Range(from, batches).SelectMany(i => new[]
        {
            journal.AppendAsync(new ReadyBatch(1, 0, 1000 + i, JournalFolder.Batch(i, 1, 200))),
            journal.AppendAsync(new ReadyBatch(1, 1, 1000 + i, JournalFolder.Batch(i * 3L, 3, 100))),
        }).ToList());

    private static async Task AssertHoldsAsync(WriteAheadJournal journal, int batches)
    {
        Assert.Equal(batches, await CountAsync(journal, 1));
        long next = 0;
        while (next < batches * 3L)
        {
            using var read = await journal.ReadAsync(new StreamPartition(1, 1), next, 10_000);
            Assert.NotEmpty(read.Batches);
            foreach (var batch in read.Batches)
            {
                Assert.Equal(JournalFolder.Batch(next, 3, 100), batch.Batch.ToArray());
                next += 3;
            }
        }
    }

    /// <summary>Batches of partition 0 of a stream, one event each, in order from the first.</summary>
    private static async Task<long> CountAsync(WriteAheadJournal journal, int stream)
    {
        var next = journal.FirstOffset(new StreamPartition(stream, 0)) ?? 0;
        long count = 0;
        while (true)
        {
            using var read = await journal.ReadAsync(new StreamPartition(stream, 0), next, 5000);
            if (read.Batches.Count == 0)
            {
                return count;
            }

            foreach (var batch in read.Batches)
            {
                Assert.True(Events.RecordBatches.RecordBatchHeader.TryRead(batch.Batch.Span, out var header));
                next = header.LastOffset + 1;
                count += header.Count;
            }
        }
    }

    [Fact]
    public async Task Append_BehindSoManyBytes_LetsOldSegmentsLeaveThePageCacheAndStillReadsThem()
    {
        var files = new FailingSyncs(_folder.Files);
        _folder.Files = files;
        await using var journal = await WriteAheadJournal.OpenAsync(_folder.Options with { PageCacheBytes = 100 * 1024 });
        for (var i = 0; _folder.Segments.Length < 6; i++)
        {
            await journal.AppendAsync(new ReadyBatch(1, 0, i, JournalFolder.Batch(i, 1, bodyBytes: 20_000)));
        }

        // The sixth is open; the fifth and fourth are the newest 100 KiB.
        Assert.Equal(_folder.Segments.Take(3).Select(Path.GetFileName), files.Forgotten);
        using var read = await journal.ReadAsync(new StreamPartition(1, 0), 0, 1);
        Assert.Single(read.Batches);
    }

    [Fact]
    public async Task Read_BatchesOfManyPartitionsAndSegments_GivesEachWhole()
    {
        await using var journal = await _folder.OpenAsync();
        var random = new Random(7);
        var sent = new Dictionary<int, List<byte[]>>();
        for (var i = 0; i < 400; i++)
        {
            // Runs of one partition, small and large ones, some larger than what is read at once.
            var partition = i / 7 % 3;
            var batches = sent.TryGetValue(partition, out var some) ? some : sent[partition] = [];
            var batch = JournalFolder.Batch(batches.Count, 1, bodyBytes: i % 97 == 0 ? 300_000 : random.Next(9_000));
            batches.Add(batch);
            await journal.AppendAsync(new ReadyBatch(1, partition, i, batch));
        }

        foreach (var (partition, batches) in sent)
        {
            for (var (from, step) = (0, 1); from < batches.Count; from += step)
            {
                var maxBytes = random.Next(1, 600_000);
                using var read = await journal.ReadAsync(new StreamPartition(1, partition), from, maxBytes);
                step = read.Batches.Count;
                Assert.Equal(batches.Skip(from).Take(step), read.Batches.Select(b => b.Batch.ToArray()));
                Assert.True(step == 1 || read.Batches.Sum(b => BatchPayloadCodec.PrefixSize + b.Batch.Length) <= maxBytes);
            }
        }
    }
}
