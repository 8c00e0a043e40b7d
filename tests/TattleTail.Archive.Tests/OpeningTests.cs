using System.Text;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

public sealed class OpeningTests
{
    private const string Zero = "_delta_log/00000000000000000000.json";

    private readonly ScriptedStore _store = new();

    [Fact]
    public async Task Open_EmptyStore_CreatesTheTableOnce()
    {
        Assert.Equal(0, (await Sample.OpenAsync(_store)).Version);
        var created = _store.Objects[Zero];
        Assert.Equal(0, (await Sample.OpenAsync(_store, 2)).Version);
        Assert.Equal([Zero], _store.Objects.Keys);
        Assert.Same(created, _store.Objects[Zero]);
    }

    [Theory]
    [InlineData("\"minReaderVersion\":1", "\"minReaderVersion\":3")]
    [InlineData("\"minWriterVersion\":7", "\"minWriterVersion\":8")]
    [InlineData("[\"tattletail.log\"]", "[\"tattletail.log\",\"tattletail.next\"]")]
    [InlineData("event_offset", "event_0ffset")]
    public async Task Open_TableThatIsNotOurs_IsRefused(string what, string instead)
    {
        await Sample.OpenAsync(_store);
        var text = Encoding.UTF8.GetString(_store.Objects[Zero]);
        Assert.Contains(what, text, StringComparison.Ordinal);
        _store.Objects[Zero] = Encoding.UTF8.GetBytes(text.Replace(what, instead, StringComparison.Ordinal));

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.OpenAsync(_store));
    }

    [Theory]
    [InlineData("{\"add\":{\"path\":\"x.parquet\",\"partitionValues\":{},\"size\":1,\"modificationTime\":1,\"dataChange\":true}}")]
    [InlineData("not json")]
    public async Task Open_CommitThatIsNotOurs_IsRefusedByName(string line)
    {
        await Sample.OpenAsync(_store);
        _store.Objects["_delta_log/00000000000000000001.json"] = Encoding.UTF8.GetBytes(line);

        var error = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.OpenAsync(_store));

        Assert.Contains("00000000000000000001.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_VersionMissing_IsRefused()
    {
        var archive = await Sample.OpenAsync(_store);
        await Sample.CommitAsync(archive, Sample.Stream(), 0, 1);
        await Sample.CommitAsync(archive, Sample.Stream(), 1, 1);
        _store.Objects.Remove("_delta_log/00000000000000000001.json");

        await Assert.ThrowsAsync<ArchiveFormatException>(async () => await Sample.OpenAsync(_store));
    }

    [Fact]
    public async Task Open_StoreAway_IsAStoreException()
    {
        _store.BeforeGet = _ => throw new StoreException(StoreError.Unavailable, "away");
        await Assert.ThrowsAsync<StoreException>(async () => await Sample.OpenAsync(_store));
    }

    [Fact]
    public async Task Refresh_AnotherCommitted_SeesIt()
    {
        var archive = await Sample.OpenAsync(_store);
        await Sample.CommitAsync(await Sample.OpenAsync(_store, 2), Sample.Stream(), 0, 3);
        Assert.Empty(archive.Files());

        await archive.RefreshAsync(TestContext.Current.CancellationToken);

        Assert.Single(archive.Files());
        Assert.Equal(3, archive.SealedThrough(Sample.Stream().TopicId, 0));
    }

    [Fact]
    public async Task Open_LastCommitNotKnownDurable_IsPutAgainSoThatItIs()
    {
        var archive = await Sample.OpenAsync(_store);
        await Sample.CommitAsync(archive, Sample.Stream(), 0, 3);
        var put = new List<string>();
        _store.AfterPut = put.Add;

        await Sample.OpenAsync(_store, 3);

        Assert.Equal(["_delta_log/00000000000000000001.json"], put);
    }
}
