using TattleTail.Archive.Parquet;
using TattleTail.Archive.Reading;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Tests;

/// <summary>What is cached of the archive, loaded once for many and ahead of those who read forwards.</summary>
public sealed class HistoryReadingTests
{
    private const int ChunkBytes = 8_000;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly ScriptedStore _store = new();
    private readonly StepScheduler _workers = new();

    [Fact]
    public async Task Read_AnywhereInHolesAndPartitions_GivesTheBatchesFromTheOffsetOn()
    {
        var random = new Random(17);
        using var archive = await Sample.OpenAsync(_store, options => options with { ChunkBytes = ChunkBytes, RowGroupBytes = 20_000, ChunkCacheBytes = 30_000, RowGroupCacheBytes = 40_000 });
        var model = Enumerable.Range(0, 5).Select(partition => Offsets(random, partition == 3 ? 0 : 400)).ToArray();
        var file = await CommitAsync(archive, model);

        for (var i = 0; i < 300; i++)
        {
            var partition = random.Next(model.Length);
            var from = random.Next(model[partition].LastOrDefault() + 3);
            var maxBytes = random.Next(1, 20_000);
            using var read = await archive.ReadAsync(file, partition, from, maxBytes, Cancel);

            var rows = read.Batches.SelectMany(b => Sample.Rows(b.Batch.ToArray())).Select(r => (int)r.Offset).ToList();
            Assert.Equal(model[partition].Where(o => o >= from).Take(rows.Count(o => o >= from)), rows.Where(o => o >= from));
            Assert.Equal(model[partition].Exists(o => o >= from), read.Batches.Count > 0);
            Assert.True(read.Batches.Count <= 1 || read.Batches.Sum(b => b.Batch.Length) <= maxBytes);
            Assert.All(read.Batches, b => Assert.Equal(Sample.Rows(b.Batch.ToArray()).Count(), b.RecordedAtMicros.Length));
            Assert.True(read.Batches.Count == 0 || LastOf(read.Batches[0]) >= from, "the first batch ends before the offset");
        }
    }

    [Fact]
    public async Task Read_SameEventsByMany_LoadsThemOnce()
    {
        var gets = 0;
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 300)]);
        _store.BeforeGet = _ => gets++;

        var reads = Enumerable.Range(0, 8).Select(_ => archive.ReadAsync(file, 0, 0, 1, Cancel).AsTask()).ToList();
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        await FinishAsync(Task.WhenAll(reads));

        Assert.Equal(2, gets);
        Assert.Single(reads.Select(read => read.Result.Batches[0].Batch.Span[0..].ToArray()).DistinctBy(Convert.ToHexString));
        Assert.True(IsAtHand(archive, file, 0), "what is cached was queued for a worker");
        reads.ForEach(read => read.Result.Dispose());
    }

    [Fact]
    public async Task Read_OneOfManyIsCancelled_TheOthersGetTheirs()
    {
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 300)]);
        using var impatient = new CancellationTokenSource();
        var first = archive.ReadAsync(file, 0, 0, 1, impatient.Token).AsTask();
        var second = archive.ReadAsync(file, 0, 0, 1, Cancel).AsTask();

        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await FinishAsync(second);
        Assert.NotEmpty((await second).Batches);
    }

    [Fact]
    public async Task Read_LoadFails_AllWhoWaitedAreToldAndTheNextLoadsAnew()
    {
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 300)]);
        _store.BeforeGet = _ => throw new Storage.StoreException(Storage.StoreError.Unavailable, "away");
        var reads = Enumerable.Range(0, 2).Select(_ => archive.ReadAsync(file, 0, 0, 1, Cancel).AsTask()).ToList();
        await FinishAsync(Task.WhenAll(reads.Select(read => Assert.ThrowsAsync<Storage.StoreException>(() => read))));

        _store.BeforeGet = _ => { };
        var again = archive.ReadAsync(file, 0, 0, 1, Cancel).AsTask();
        await FinishAsync(again);

        Assert.NotEmpty((await again).Batches);
    }

    [Fact]
    public async Task Read_Forwards_FindsMoreAndMoreLoadedAhead()
    {
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 3000)]);
        var waited = new List<bool>();
        for (var next = 0L; next < 2000;)
        {
            var reading = archive.ReadAsync(file, 0, next, 1, Cancel).AsTask();
            waited.Add(!reading.IsCompleted);
            await FinishAsync(reading);
            _workers.RunAll();
            using var read = await reading;
            next = LastOf(read.Batches[^1]) + 1;
        }

        Assert.Equal([true, true], waited.Take(2));
        Assert.DoesNotContain(true, waited.Skip(2));
    }

    [Fact]
    public async Task Read_Forwards_GoesAheadIntoTheNextFile()
    {
        using var archive = await OpenAsync();
        var first = await CommitAsync(archive, [Offsets(new Random(1), 100)]);
        var end = LastOffset(first) + 1;
        using var encoded = Sample.Encode(archive, Sample.Stream(), 0, Sample.Batch(end, Sample.Plain((int)end, 100)));
        var second = (await archive.CommitAsync([encoded], [])).Files[0];
        for (var next = 0L; next < end;)
        {
            var reading = archive.ReadAsync(first, 0, next, 1, Cancel).AsTask();
            await FinishAsync(reading);
            _workers.RunAll();
            using var read = await reading;
            next = LastOf(read.Batches[^1]) + 1;
        }

        Assert.True(IsAtHand(archive, second, end));
    }

    [Fact]
    public async Task Read_HereAndThere_LoadsNothingAhead()
    {
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 3000)]);
        foreach (var from in (int[])[2000, 500, 1500, 0])
        {
            var reading = archive.ReadAsync(file, 0, from, 1, Cancel).AsTask();
            await FinishAsync(reading);
            Assert.Equal(0, _workers.Waiting);
        }
    }

    [Fact]
    public async Task Read_OthersWaitForWorkers_NothingIsLoadedAhead()
    {
        using var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 3000)]);
        long next = 0;
        for (var i = 0; i < 2; i++)
        {
            var reading = archive.ReadAsync(file, 0, next, 1, Cancel).AsTask();
            await FinishAsync(reading);
            using var read = await reading;
            next = LastOf(read.Batches[^1]) + 1;
        }

        // The load ahead is queued, and before it begins another reader waits.
        Assert.Equal(1, _workers.Waiting);
        var other = archive.ReadAsync(file, 0, 2500, 1, Cancel).AsTask();
        Assert.True(_workers.RunOne());
        await FinishAsync(other);
        _workers.RunAll();

        Assert.False(IsAtHand(archive, file, next), "was loaded ahead while another waited");
    }

    [Fact]
    public void Chunk_HeldWhenItIsDropped_LivesUntilItIsGivenBack()
    {
        var chunk = new FramedChunk();
        chunk.Add(0, new byte[100], [1], 0);
        Assert.True(chunk.TryHold());

        chunk.Release();
        Assert.Equal(100, chunk.Batches[0].Batch.Batch.Span.Length);
        chunk.Release();

        Assert.Throws<ObjectDisposedException>(() => chunk.Batches[0].Batch.Batch.Span.Length);
        Assert.False(chunk.TryHold());
    }

    [Fact]
    public async Task RowGroup_GivenUp_IsReadNoMore()
    {
        using var archive = await OpenAsync();
        var group = await LoadAsync(archive);
        var rows = new DecodedRows();
        var turn = await group.EnterAsync(10);
        var waiting = group.EnterAsync(20);

        // Whoever has a turn keeps it.
        group.Close();
        turn!.Read(rows, 20);
        Assert.Equal(20, rows.Count);
        Assert.False(waiting.IsCompleted);
        turn.Dispose();

        Assert.Null(await waiting);
        Assert.Null(await group.EnterAsync(30));
    }

    [Fact]
    public async Task RowGroup_WantedAtManyPlaces_IsReadForwards()
    {
        using var archive = await OpenAsync();
        var group = await LoadAsync(archive);
        var rows = new DecodedRows();
        var first = await group.EnterAsync(100);
        var waiting = new[] { 250, 50, 120, 10 }.Select(row => (Row: row, Turn: group.EnterAsync(row))).ToList();
        first!.Read(rows, 20);
        var order = new List<int>();
        for (var turn = first; waiting.Count > 0;)
        {
            turn.Dispose();
            var next = Assert.Single(waiting, w => w.Turn.IsCompleted);
            waiting.Remove(next);
            order.Add(next.Row);
            turn = (await next.Turn)!;
            turn.Read(rows, 5);
        }

        Assert.Equal([120, 250, 10, 50], order);
        group.Close();
    }

    [Fact]
    public async Task Dispose_WhileLoadsAreQueued_KeepsNothing()
    {
        var archive = await OpenAsync();
        var file = await CommitAsync(archive, [Offsets(new Random(1), 300)]);
        var reading = archive.ReadAsync(file, 0, 0, 1, Cancel).AsTask();

        archive.Dispose();

        await FinishAsync(Assert.ThrowsAsync<ObjectDisposedException>(() => reading));
    }

    private async Task<LoadedRowGroup> LoadAsync(EventArchive archive)
    {
        var file = await CommitAsync(archive, [Offsets(new Random(1), 300)]);
        return await LoadedRowGroup.LoadAsync(_store, file, await FileFooter.LoadAsync(_store, file, Cancel), 0);
    }

    /// <summary>A read there waits for nothing.</summary>
    private static bool IsAtHand(EventArchive archive, ArchiveFile file, long from) => archive.ReadAsync(file, 0, from, 1, Cancel).AsTask().IsCompleted;

    private static long LastOf(ArchivedBatch batch)
    {
        Assert.True(RecordBatchHeader.TryRead(batch.Batch.Span, out var header));
        return header.LastOffset;
    }

    private static long LastOffset(ArchiveFile file) => file.Partitions[0].LastOffset;

    private static List<int> Offsets(Random random, int count)
    {
        var offsets = new List<int>();
        for (var (i, at) = (0, 0); i < count; i++, at++)
        {
            at += random.Next(5) == 0 ? random.Next(1, 4) : 0;
            offsets.Add(at);
        }

        return offsets;
    }

    private static async Task<ArchiveFile> CommitAsync(EventArchive archive, List<int>[] partitions)
    {
        using var writer = archive.StartFile(Sample.Stream());
        for (var partition = 0; partition < partitions.Length; partition++)
        {
            foreach (var chunk in partitions[partition].Chunk(37))
            {
                writer.Append(partition, Sample.Recorded, Sample.Batch([.. chunk.Select(o => ((long)o, Sample.Plain(o)))]), 0);
            }
        }

        using var encoded = writer.Finish();
        return (await archive.CommitAsync([encoded], [])).Files[0];
    }

    private ValueTask<EventArchive> OpenAsync() => Sample.OpenAsync(_store, options => options with { ChunkBytes = ChunkBytes, Workers = _workers });

    /// <summary>Lets the workers work until something is done.</summary>
    private async Task FinishAsync(Task task)
    {
        for (var i = 0; !task.IsCompleted && i < 10_000; i++)
        {
            if (!_workers.RunOne())
            {
                await Task.Delay(1, Cancel);
            }
        }

        await task;
    }
}
