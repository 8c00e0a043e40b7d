namespace TattleTail.Log.Tests.Reading;

public class RecordedTimeTests
{
    [Fact]
    public async Task Read_OfEventsThatTheArchiveFramedTogether_TellsWhenEachWasRecorded()
    {
        var options = new LogOptions { JournalFolder = "", SegmentBytes = 64 * 1024, CommitInterval = TimeSpan.Zero, TrimDelay = TimeSpan.Zero, SealAge = TimeSpan.FromHours(1) };
        await using var folder = new LogFolder { Options = options }.WithArchive();
        var log = await folder.OpenAsync();
        var partition = (await log.CreateChannelAsync("orders", 1)).Partitions[0];
        for (var i = 0; i < 40; i++)
        {
            folder.Clock.Shift += TimeSpan.FromMilliseconds(7);
            await log.AppendEventsAsync(partition, [LogFolder.EventOf(new string('x', 3_000))]);
        }

        var inJournal = await RecordedAsync(log, partition, 40, maxBatches: 40);
        await log.SealAsync();
        await log.AppendEventsAsync(partition, [.. Enumerable.Repeat(LogFolder.EventOf(new string('y', 3_000)), 20)]);
        await LogFolder.UntilAsync(() => partition.JournalStart > 1, "the journal to be trimmed");

        Assert.Equal(40, inJournal.Distinct().Count());
        var archived = (int)partition.JournalStart;
        Assert.Equal(inJournal[..archived], await RecordedAsync(log, partition, archived, maxBatches: 1));
    }

    private static async Task<List<long>> RecordedAsync(EventLog log, LogPartition partition, int count, int maxBatches)
    {
        using var read = await log.ReadAsync(partition, 0, 1024 * 1024);
        Assert.InRange(read.Batches.Count, 1, maxBatches);
        List<long> recorded = [];
        foreach (var batch in read.Batches)
        {
            Events.RecordBatches.RecordBatchHeader.TryRead(batch.Batch.Span, out var header);
            recorded.AddRange(Enumerable.Range(0, header.Count).Select(batch.RecordedAt));
        }

        Assert.Equal(recorded[^1], read.Batches[^1].RecordedAtLast);
        return recorded[..count];
    }
}
