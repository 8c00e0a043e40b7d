using TattleTail.Journal.Tests.Crashes;
using TattleTail.Platform;

namespace TattleTail.Journal.Tests;

/// <summary>What callers lean on, beside durability.</summary>
public sealed class JournalBehaviourTests
{
    private readonly MemoryFiles _files = new();

    [Fact]
    public async Task Roll_WithEntriesQueued_LeavesThemAllInClosedSegments()
    {
        var work = new Workload(_files);
        await using var journal = await work.OpenAsync();
        var appends = Enumerable.Range(0, 5).Select(i => journal.AppendStateAsync(new byte[] { (byte)i })).ToList();
        await journal.RollAsync();

        var open = journal.Segments.Single(s => s.IsOpen);
        Assert.All(await Task.WhenAll(appends), position => Assert.True(position < open.Start));
    }

    [Fact]
    public async Task Append_EntryTooLarge_IsRefusedAloneAndCloseDoesNotHang()
    {
        var work = new Workload(_files);
        var journal = await work.OpenAsync();
        var refused = journal.AppendAsync(new Workload.ReadyBatch(new StreamPartition(1, 0), new byte[work.Options.MaxEntryBytes]));

        await Assert.ThrowsAsync<ArgumentException>(() => refused);
        Assert.Null(journal.Fault);
        await journal.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<JournalFaultedException>(() => journal.AppendStateAsync(default));
    }

    [Fact]
    public async Task Dispose_WithEntriesQueued_MakesThemDurableFirst()
    {
        var work = new Workload(_files);
        var journal = await work.OpenAsync();
        var append = journal.AppendStateAsync(new byte[] { 1 });
        await journal.DisposeAsync();

        await append;
        _files.PowerCut(CrashMood.LoseAll);
        await using var again = await work.OpenAsync();
        Assert.Contains(EntryKind.State, await KindsAsync(again));
    }

    [Fact]
    public async Task Open_ForeignFile_IsNamedBesideAJournalAndRefusedAlone()
    {
        var work = new Workload(_files);
        _files.Put("notes.txt", [1]);
        await Assert.ThrowsAsync<JournalFormatException>(async () => await work.OpenAsync());
        _files.DeleteFile("/j/notes.txt");
        await (await work.OpenAsync()).DisposeAsync();
        _files.Put("notes.txt", [1]);

        await using var journal = await work.OpenAsync();
        Assert.Equal(["notes.txt"], journal.Recovery.ForeignFiles);
        Assert.Contains("notes.txt", _files.Names);
    }

    [Fact]
    public async Task Trim_WhileASegmentIsRead_LetsTheReaderFinishAndDoesNotRecycleIt()
    {
        var work = new Workload(_files);
        await using var journal = await work.OpenAsync();
        await work.AppendAsync(journal, 9);
        await journal.RollAsync();
        await journal.AppendSnapshotAsync(new byte[] { 1 });
        await using var reader = journal.ReadEntriesAsync(0).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reader.MoveNextAsync());

        await journal.TrimAsync(journal.Segments[^1].Number);

        Assert.DoesNotContain(_files.Names, name => name.EndsWith(".spare", StringComparison.Ordinal));
        var read = 1;
        while (await reader.MoveNextAsync())
        {
            read += reader.Current.Kind == EntryKind.Batch ? 1 : 0;
        }

        Assert.Equal(9, read);
    }

    /// <summary>The sync that failed may have been of the open segment's name too, and the next one would not tell.</summary>
    [Fact]
    public async Task Trim_WhoseSyncOfTheFolderFails_FaultsTheJournal()
    {
        var work = new Workload(_files);
        await using var journal = await work.OpenAsync();
        await work.AppendAsync(journal, 9);
        await journal.RollAsync();
        await journal.AppendSnapshotAsync(new byte[] { 1 });

        // The first call renames the segment.
        _files.FailAt = _files.Calls + 2;
        var error = await Assert.ThrowsAsync<FileSystemException>(async () => await journal.TrimAsync(journal.Segments[^1].Number));

        Assert.Same(error, journal.Fault);
        await Assert.ThrowsAsync<JournalFaultedException>(() => work.AppendAsync(journal, 1));
    }

    [Fact]
    public async Task Read_FromRecycledSegments_GivesOnlyTheNewLife()
    {
        var work = new Workload(_files);
        await using (var journal = await work.OpenAsync())
        {
            for (var i = 0; i < 4; i++)
            {
                await work.AppendAsync(journal, 30);
                await journal.RollAsync();
                await journal.AppendSnapshotAsync(new byte[] { 1 });
                await journal.TrimAsync(journal.Segments[^1].Number);
            }

            Assert.InRange(_files.Names.Count(name => name.EndsWith(".spare", StringComparison.Ordinal)), 1, work.Options.MaxSpareSegments);
            await work.AppendAsync(journal, 3);
            await work.CheckAsync(journal);
        }

        await using var again = await work.OpenAsync();
        await work.CheckAsync(again);
    }

    [Fact]
    public void Footers_OverTheBound_LeaveTheCache()
    {
        var cache = new FooterCache(1000);
        var batches = new List<IndexedBatch> { default, default };
        for (var segment = 1; segment <= 10; segment++)
        {
            cache.Add(segment, default, batches);
        }

        Assert.InRange(cache.Bytes, 1, 1000);
        Assert.Null(cache.Find(1, default));
        Assert.NotNull(cache.Find(10, default));
    }

    private static async Task<List<EntryKind>> KindsAsync(WriteAheadJournal journal)
    {
        var kinds = new List<EntryKind>();
        await foreach (var entry in journal.ReadEntriesAsync(0))
        {
            kinds.Add(entry.Kind);
        }

        return kinds;
    }
}
