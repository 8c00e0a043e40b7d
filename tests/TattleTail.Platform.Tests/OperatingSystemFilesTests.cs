namespace TattleTail.Platform.Tests;

public sealed class OperatingSystemFilesTests : IDisposable
{
    private readonly OperatingSystemFiles _files = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task File_WrittenAndSynced_IsReadBack()
    {
        using var file = _files.CreateFile(Named("a"));
        file.Allocate(4096);
        file.Write(100, "hello"u8);
        await file.SyncAsync();
        await _files.SyncDirectoryAsync(_folder);

        var bytes = new byte[5];
        Assert.Equal(4096, file.Length);
        Assert.Equal(5, file.Read(100, bytes));
        Assert.Equal("hello"u8.ToArray(), bytes);
        Assert.Equal(2, file.Read(4094, bytes));
    }

    [Fact]
    public void CreateFile_ExistingName_IsExists()
    {
        _files.CreateFile(Named("a")).Dispose();

        Assert.Equal(FileSystemError.Exists, Assert.Throws<FileSystemException>(() => _files.CreateFile(Named("a"))).Error);
    }

    [Fact]
    public void OpenFile_NoSuchName_IsNotFound() =>
        Assert.Equal(FileSystemError.NotFound, Assert.Throws<FileSystemException>(() => _files.OpenFile(Named("none"), FileAccess.Read)).Error);

    [Fact]
    public void Link_NewAndExistingName_PutsIfAbsent()
    {
        _files.CreateFile(Named("a")).Dispose();

        _files.Link(Named("a"), Named("b"));

        Assert.Equal(FileSystemError.Exists, Assert.Throws<FileSystemException>(() => _files.Link(Named("a"), Named("b"))).Error);
        Assert.Equal(["a", "b"], _files.ListFiles(_folder));
    }

    [Fact]
    public void Directory_UnderAFile_IsAClearError()
    {
        _files.CreateFile(Named("a")).Dispose();

        var error = Assert.Throws<FileSystemException>(() => _files.CreateDirectory(Path.Combine(Named("a"), "b")));

        Assert.Contains(Named("a"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SyncDirectory_Missing_IsNotFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no directory sync");

        Assert.Equal(FileSystemError.NotFound, (await Assert.ThrowsAsync<FileSystemException>(async () => await _files.SyncDirectoryAsync(Named("none")))).Error);
    }

    [Fact]
    public async Task Sync_OnAFullDevice_Throws()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "needs Linux's /dev/full");
        using var file = _files.OpenFile("/dev/full", FileAccess.ReadWrite);

        Assert.Equal(FileSystemError.NoSpace, Assert.Throws<FileSystemException>(() => file.Write(0, "x"u8)).Error);
        await Assert.ThrowsAsync<FileSystemException>(async () => await file.SyncAsync());
    }

    [Fact]
    public void DeleteFile_MissingFileOrFolder_IsNoError()
    {
        _files.DeleteFile(Named("none"));
        _files.DeleteFile(Path.Combine(Named("none"), "none"));
    }

    [Fact]
    public void Lists_MissingFolder_AreEmpty()
    {
        Assert.Empty(_files.ListFiles(Named("none")));
        Assert.Empty(_files.ListDirectories(Named("none")));
    }

    [Fact]
    public void AvailableBytes_OfAFolder_IsPositive() => Assert.True(_files.AvailableBytes(_folder) > 0);

    private string Named(string name) => Path.Combine(_folder, name);
}
