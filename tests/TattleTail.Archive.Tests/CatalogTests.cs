namespace TattleTail.Archive.Tests;

public sealed class CatalogTests
{
    private static readonly ArchiveStream Stream = Sample.Stream();

    [Fact]
    public async Task FindByOffset_InBeforeBetweenAndBehindFiles_GivesTheNextThatHoldsEvents()
    {
        var archive = await OpenWithFilesAsync();

        Assert.Equal(10, First(archive.FindByOffset(Stream.TopicId, 0, 0)));
        Assert.Equal(10, First(archive.FindByOffset(Stream.TopicId, 0, 19)));
        Assert.Equal(30, First(archive.FindByOffset(Stream.TopicId, 0, 20)));
        Assert.Equal(40, First(archive.FindByOffset(Stream.TopicId, 0, 40)));
        Assert.Null(archive.FindByOffset(Stream.TopicId, 0, 50));
        Assert.Null(archive.FindByOffset(Stream.TopicId, 1, 0));
        Assert.Null(archive.FindByOffset(Guid.Empty, 0, 0));
    }

    [Fact]
    public async Task FindByTime_EventAndRecordedClock_GivesFilesThatMayHoldIt()
    {
        var archive = await OpenWithFilesAsync();
        var eventTime = 1_777_863_721_000;

        Assert.Equal([10, 30, 40], Firsts(archive.FindByTime(Stream.TopicId, 0, 0, eventTime, byRecorded: false)));
        Assert.Equal([30, 40], Firsts(archive.FindByTime(Stream.TopicId, 0, 0, eventTime + 20, byRecorded: false)));
        Assert.Equal([40], Firsts(archive.FindByTime(Stream.TopicId, 0, 40, eventTime, byRecorded: false)));
        Assert.Empty(archive.FindByTime(Stream.TopicId, 0, 0, eventTime + 1000, byRecorded: false));
        Assert.Equal([40], Firsts(archive.FindByTime(Stream.TopicId, 0, 0, Sample.Recorded + 40, byRecorded: true)));
    }

    [Fact]
    public async Task Files_ByChannel_AreInOrder()
    {
        var archive = await OpenWithFilesAsync();
        await Sample.CommitAsync(archive, Sample.Stream("aaa"), 0, 1);
        await Sample.CommitAsync(archive, Sample.Stream("orders", 2), 0, 1);

        Assert.Equal(["aaa", "orders", "orders", "orders", "orders"], archive.Files().Select(f => f.Stream.Channel));
        Assert.Equal([1, 1, 1, 2], archive.Files("orders").Select(f => f.Stream.Incarnation));
        Assert.Empty(archive.Files("none"));
    }

    private static async Task<EventArchive> OpenWithFilesAsync()
    {
        var archive = await Sample.OpenAsync(new ScriptedStore());
        foreach (var first in new[] { 10, 30, 40 })
        {
            using var file = Sample.Encode(archive, Stream, 0, Sample.Batch(first, Sample.Plain(first, 10)), Sample.Recorded + first);
            await archive.CommitAsync([file], []);
        }

        return archive;
    }

    private static long? First(ArchiveFile? file) => file?.Partitions[0].FirstOffset;

    private static IEnumerable<long> Firsts(IReadOnlyList<ArchiveFile> files) => files.Select(f => f.Partitions[0].FirstOffset);
}
