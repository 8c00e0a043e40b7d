using System.Buffers;
using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.Storage.Tests;

public sealed class LocalStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingFiles _files = new();

    private string Root => _folder.Path + "/store";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task PutIfAbsent_NewDirectories_SyncsFileThenLinksThenSyncsEveryEntry()
    {
        var store = await LocalStore.OpenAsync(_files, Root);
        _files.Done.Clear();

        await store.PutIfAbsentAsync("data/c-x/1.parquet", One());

        var done = _files.Done.Select(d => d.Replace(Root, "~", StringComparison.Ordinal).Replace("-13fb2f1aa08a4dae", "", StringComparison.Ordinal)).ToList();
        var link = done.IndexOf("link ~/data/c-x/1.parquet");
        Assert.True(done.FindIndex(d => d.StartsWith("sync ~/_tattletail/tmp/", StringComparison.Ordinal)) < link);
        Assert.Contains("syncdir ~", done);
        Assert.Contains("syncdir ~/data", done);
        Assert.True(done.LastIndexOf("syncdir ~/data/c-x") > link);
    }

    [Fact]
    public async Task PutIfAbsent_ExistsUnsynced_SyncsTheDirectoryBeforeItSaysSo()
    {
        var store = await LocalStore.OpenAsync(_files, Root);
        _files.Fail = what => what == $"syncdir {Root}/d" ? FileSystemError.Failed : null;
        await Assert.ThrowsAsync<StoreException>(async () => await store.PutIfAbsentAsync("d/x", One()));
        _files.Fail = _ => null;
        _files.Done.Clear();

        Assert.False(await store.PutIfAbsentAsync("d/x", One()));

        Assert.Contains($"syncdir {Root}/d", _files.Done);
    }

    [Theory]
    [InlineData("write", FileSystemError.NoSpace, StoreError.NoSpace)]
    [InlineData("sync", FileSystemError.Failed, StoreError.Unavailable)]
    [InlineData("link", FileSystemError.Denied, StoreError.Denied)]
    public async Task PutIfAbsent_StepFails_LeavesNothingAndCanBeTriedAgain(string step, FileSystemError fault, StoreError expected)
    {
        var store = await LocalStore.OpenAsync(_files, Root);
        _files.Fail = what => what.StartsWith(step + " ", StringComparison.Ordinal) ? fault : null;

        var error = await Assert.ThrowsAsync<StoreException>(async () => await store.PutIfAbsentAsync("d/x", One()));

        Assert.Equal(expected, error.Error);
        Assert.Empty(_files.ListFiles(Root + "/_tattletail/tmp"));
        Assert.Null(await store.GetSizeAsync("d/x"));
        _files.Fail = _ => null;
        Assert.True(await store.PutIfAbsentAsync("d/x", One()));
    }

    [Fact]
    public async Task Open_LeftOverTemporaryFiles_AreRemovedAndNotListed()
    {
        await LocalStore.OpenAsync(_files, Root);
        await File.WriteAllTextAsync(Root + "/_tattletail/tmp/7-dead", "x", TestContext.Current.CancellationToken);

        var store = await LocalStore.OpenAsync(_files, Root);

        Assert.Empty(_files.ListFiles(Root + "/_tattletail/tmp"));
        await store.PutIfAbsentAsync("a", One());
        Assert.Equal(["a"], await store.ListAsync("").Select(o => o.Name).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("link", FileSystemError.Unsupported)]
    [InlineData("link", FileSystemError.Denied)]
    [InlineData("sync", FileSystemError.Unsupported)]
    public async Task Open_FileSystemCannotLinkOrSync_IsRefusedWithWhatToDo(string step, FileSystemError fault)
    {
        _files.Fail = what => what.StartsWith(step + " ", StringComparison.Ordinal) ? fault : null;

        var error = await Assert.ThrowsAsync<StoreException>(async () => await LocalStore.OpenAsync(_files, Root));

        Assert.Equal(StoreError.Unsupported, error.Error);
        Assert.Contains("ext4", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MissingParents_SyncsEachEntryInItsParent()
    {
        await LocalStore.OpenAsync(_files, _folder.Path + "/a/b/c");

        foreach (var parent in new[] { _folder.Path, _folder.Path + "/a", _folder.Path + "/a/b", _folder.Path + "/a/b/c", _folder.Path + "/a/b/c/_tattletail" })
        {
            Assert.Contains($"syncdir {parent}", _files.Done);
        }
    }

    private static ReadOnlySequence<byte> One() => new(new byte[] { 1 });
}
