using TattleTail.Platform;
using TattleTail.Server.Folders;
using TattleTail.Server.Hosting;

namespace TattleTail.Server.Tests.Folders;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly OperatingSystemFiles _files = new();

    private string DataPath => Path.Combine(_folder.Path, "data");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_MissingFolder_IsMadeWithItsMarker()
    {
        using (await DataFolder.OpenAsync(DataPath, _files))
        {
            Assert.Equal("{\"product\":\"TattleTail\",\"format\":1}\n", File.ReadAllText(Path.Combine(DataPath, "tattletail.format")));
            Assert.True(Directory.Exists(Path.Combine(DataPath, "journal")));
        }

        using var again = await DataFolder.OpenAsync(DataPath, _files, create: false);
        Assert.Equal(DataPath, again.Path);
    }

    [Fact]
    public async Task Open_HalfMadeFolder_IsCompleted()
    {
        Directory.CreateDirectory(Path.Combine(DataPath, "journal"));
        File.WriteAllText(Path.Combine(DataPath, FolderLock.LockName), "");
        File.WriteAllText(Path.Combine(DataPath, "tattletail.format.tmp"), "{\"pro");
        File.WriteAllText(Path.Combine(DataPath, ".probe-0011223344556677"), "pro");

        using var folder = await DataFolder.OpenAsync(DataPath, _files);

        Assert.Equal(["node.lock", "tattletail.format"], Directory.GetFiles(DataPath).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Open_FolderInUse_NamesProcessAndAddress()
    {
        using var held = await DataFolder.OpenAsync(DataPath, _files);
        held.Describe(new RunningNode(4711, new Uri("http://127.0.0.1:8080/"), "127.0.0.1:9092", "0.1.0", DateTimeOffset.UnixEpoch));

        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, _files));

        Assert.Equal(StartFault.FolderInUse, e.Fault);
        Assert.Contains("process 4711, which answers at http://127.0.0.1:8080/", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindNode_TellsOfTheOwnerOnlyWhileItLives()
    {
        var node = new RunningNode(4711, new Uri("http://127.0.0.1:8080/"), "127.0.0.1:9092", "0.1.0", DateTimeOffset.UnixEpoch);
        using (var held = await DataFolder.OpenAsync(DataPath, _files))
        {
            held.Describe(node);
            Assert.Equal(node, DataFolder.FindNode(DataPath));
        }

        Assert.Null(DataFolder.FindNode(DataPath));
        Assert.Null(DataFolder.FindNode(Path.Combine(_folder.Path, "absent")));
    }

    [Theory]
    [InlineData("{\"product\":\"TattleTail\",\"format\":2}", StartFault.FolderNewer, "format 2")]
    [InlineData("{\"product\":\"TattleTail\",\"format\":0}", StartFault.FolderUnusable, "damaged")]
    [InlineData("{\"format\":\"one\"}", StartFault.FolderUnusable, "damaged")]
    [InlineData("[1]", StartFault.FolderUnusable, "damaged")]
    [InlineData("", StartFault.FolderUnusable, "damaged")]
    public async Task Open_OtherFormat_IsRefusedAndLeftAlone(string marker, StartFault fault, string expected)
    {
        Directory.CreateDirectory(DataPath);
        File.WriteAllText(Path.Combine(DataPath, "tattletail.format"), marker);

        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, _files));

        Assert.Equal(fault, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Equal(marker, File.ReadAllText(Path.Combine(DataPath, "tattletail.format")));
        using var free = FolderLock.TryAcquire(DataPath);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task Open_SomebodyElsesFolder_IsRefused()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "thesis.txt"), "mine");

        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(_folder.Path, _files));

        Assert.Contains("thesis.txt", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileInItsPlace_IsRefused()
    {
        File.WriteAllText(DataPath, "");

        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, _files));
        var below = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(Path.Combine(DataPath, "below"), _files));

        Assert.Contains("is a file", e.Message, StringComparison.Ordinal);
        Assert.Equal(StartFault.FolderUnusable, below.Fault);
    }

    [Fact]
    public async Task Open_NotToBeMade_IsRefusedWhenMissing()
    {
        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, _files, create: false));
        Directory.CreateDirectory(DataPath);
        var empty = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, _files, create: false));

        Assert.Contains("tattletail up", e.Message, StringComparison.Ordinal);
        Assert.Contains("is not a data folder", empty.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(DataPath, "journal")));
    }

    [Theory]
    [InlineData(FileSystemError.Unsupported, "link", StartFault.FileSystemUnfit, "hard links")]
    [InlineData(FileSystemError.Failed, "sync", StartFault.FileSystemUnfit, "check the disk")]
    [InlineData(FileSystemError.Unsupported, "syncdir", StartFault.FileSystemUnfit, "fsync")]
    [InlineData(FileSystemError.NoSpace, "create", StartFault.FolderUnusable, "no room")]
    [InlineData(FileSystemError.Denied, "create", StartFault.FolderUnusable, "owner or mode")]
    public async Task Open_FileSystemFails_SaysWhatToDoAndLetsGo(FileSystemError error, string operation, StartFault fault, string expected)
    {
        var files = new FaultyFiles(_files) { Fails = (o, _) => o == operation ? error : null };

        var e = await Assert.ThrowsAsync<StartException>(async () => await DataFolder.OpenAsync(DataPath, files));

        Assert.Equal(fault, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        using var free = FolderLock.TryAcquire(DataPath);
        Assert.NotNull(free);
    }
}
