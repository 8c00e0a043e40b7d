using TattleTail.Archive.Reading;
using TattleTail.Events;

namespace TattleTail.Archive.Tests;

public sealed class ArchiveLimitTests
{
    [Fact]
    public void Cache_AtItsBytesAndOneMore_KeepsAllAndForgetsTheOneLeastUsed()
    {
        var cache = new BoundedCache<string, int>(10, bytes => bytes);
        cache.Add("a", 4);
        cache.Add("b", 6);
        Assert.True(cache.TryGet("a", out _));

        cache.Add("c", 1);

        Assert.False(cache.TryGet("b", out _));
        Assert.True(cache.TryGet("a", out _));
        cache.Add("larger than all", 11);
        Assert.False(cache.TryGet("a", out _) || cache.TryGet("c", out _));
        Assert.True(cache.TryGet("larger than all", out _));
    }

    [Fact]
    public async Task Read_EventsOfMoreThanABatchsBytes_AreFramedInBatchesBelowThem()
    {
        using var archive = await Sample.OpenAsync(new ScriptedStore(), options => options with { ChunkBytes = int.MaxValue });
        var events = Enumerable.Range(0, 12).Select(i => new Event(i, null, [], new byte[200_000])).Append(new Event(12, null, [], new byte[1_500_000]));
        using var encoded = Sample.Encode(archive, Sample.Stream(), 0, Sample.Batch(0, events));
        var file = (await archive.CommitAsync([encoded], [])).Files[0];

        using var read = await archive.ReadAsync(file, 0, 0, int.MaxValue);

        Assert.Equal([5, 5, 2, 1], read.Batches.Select(b => b.RecordedAtMicros.Length));
        Assert.All(read.Batches.SkipLast(1), b => Assert.True(b.Batch.Length <= 1024 * 1024));
    }

    [Fact]
    public async Task Open_VersionAboveTheLimit_IsRefusedUnread()
    {
        var store = new ScriptedStore();
        await Sample.OpenAsync(store);
        var newest = store.Objects.Keys.Last(name => name.EndsWith(".json", StringComparison.Ordinal));
        store.Objects[newest] = new byte[(256 * 1024 * 1024) + 1];

        var refused = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.OpenAsync(store));

        Assert.Contains("268435457 bytes", refused.Message, StringComparison.Ordinal);
    }
}
