using TattleTail.Events.RecordBatches;

namespace TattleTail.Journal.Tests.Crashes;

/// <summary>
/// Appends to a journal in memory, through rolls, snapshots and trims, and knows what was acknowledged. After any fault <see cref="CheckAsync"/> tells whether all of that is still there, whole, in order
/// and once.
/// </summary>
internal sealed class Workload(MemoryFiles files)
{
    private static readonly StreamPartition[] Partitions = [new(1, 0), new(1, 1), new(2, 0)];

    private readonly Trampoline _scheduler = new();
    private readonly long[] _next = new long[3];
    private readonly long[] _acknowledged = new long[3];
    private bool _trimmed;

    public JournalOptions Options => new()
    {
        Folder = "/j",
        Files = files,
        Clock = TimeProvider.System,
        Writer = _scheduler,
        Sync = _scheduler,
        SegmentBytes = 8 * 1024,
        MaxEntryBytes = 64 * 1024,
        MarkAfter = TimeSpan.FromHours(1),
    };

    public ValueTask<WriteAheadJournal> OpenAsync(long? abandonAbove = null) => WriteAheadJournal.OpenAsync(Options, abandonAbove);

    /// <summary>Everything that a journal does. Ends early, with the exception, when it faults.</summary>
    public async Task RunAsync(WriteAheadJournal journal, bool trim = true)
    {
        await AppendAsync(journal, 12);
        await journal.AppendSnapshotAsync(new byte[] { 7, 7 });
        await AppendAsync(journal, 18);
        await journal.RollAsync();
        await journal.AppendSnapshotAsync(new byte[] { 8, 8 });
        if (trim)
        {
            _trimmed = true;
            await journal.TrimAsync(journal.Segments[^1].Number);
        }

        await AppendAsync(journal, 18);
        await AppendAsync(journal, 1, size: 10_000);
        await AppendAsync(journal, 3);
    }

    public async Task AppendAsync(WriteAheadJournal journal, int count, int size = 300)
    {
        for (var i = 0; i < count; i += 3)
        {
            var waiting = new List<(int Partition, long Next, Task<long> Append)>();
            for (var partition = 0; partition < Math.Min(3, count); partition++)
            {
                var offset = _next[partition];
                _next[partition] += 2;
                waiting.Add((partition, offset + 2, journal.AppendAsync(new ReadyBatch(Partitions[partition], Batch(offset, size)))));
            }

            foreach (var (partition, next, append) in waiting)
            {
                await append;
                _acknowledged[partition] = next;
            }
        }
    }

    /// <summary>Opens what is there, checks it, appends, closes, opens and checks again.</summary>
    public async Task RecoverAndCheckAsync(long? abandonAbove = null)
    {
        await using (var journal = await OpenAsync(abandonAbove))
        {
            await CheckAsync(journal);
            await AppendAsync(journal, 3);
        }

        await using (var journal = await OpenAsync())
        {
            await CheckAsync(journal);
        }

        Assert.Equal(0, files.OpenHandles);
    }

    /// <summary>All that was acknowledged and not trimmed is there; what was not acknowledged is there whole or not at all. Then goes on behind it.</summary>
    public async Task CheckAsync(WriteAheadJournal journal)
    {
        Assert.Empty(journal.Recovery.Corruptions);
        for (var partition = 0; partition < 3; partition++)
        {
            var isGone = _trimmed && journal.FirstOffset(Partitions[partition]) is null;
            var end = isGone ? _acknowledged[partition] : await EndAsync(journal, Partitions[partition]);
            Assert.InRange(end, _acknowledged[partition], _next[partition]);
            _next[partition] = _acknowledged[partition] = end;
        }

        Assert.Empty(journal.Corruptions);
    }

    /// <summary>The offset after the last event; asserts that all from the first one on are there, with their bytes.</summary>
    private static async Task<long> EndAsync(WriteAheadJournal journal, StreamPartition partition)
    {
        var next = journal.FirstOffset(partition) ?? 0;
        while (true)
        {
            using var read = await journal.ReadAsync(partition, next, 2000);
            if (read.Batches.Count == 0)
            {
                return next;
            }

            foreach (var batch in read.Batches)
            {
                Assert.True(RecordBatchHeader.TryRead(batch.Batch.Span, out var header));
                Assert.Equal(next, header.BaseOffset);
                Assert.True(RecordBatch.CrcMatches(batch.Batch.Span));
                next = header.LastOffset + 1;
            }
        }
    }

    public static byte[] Batch(long offset, int size) => JournalFolder.Batch(offset, 2, size / 2);

    internal sealed class ReadyBatch(StreamPartition partition, byte[] batch) : BatchEntry(partition)
    {
        public override BatchPayload Freeze() => new(1000, new byte[] { 1 }, batch);
    }
}
