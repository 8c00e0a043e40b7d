using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.Storage.Tests;

public sealed class LocalStoreTests : ObjectStoreCompliance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-store-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Open_TemporaryFilesLeftOver_AreRemoved()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "_tattletail/tmp"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "_tattletail/tmp/00000007"), "half", TestContext.Current.CancellationToken);

        await OpenAsync();

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, "_tattletail/tmp")));
    }

    [Fact]
    public async Task Open_UnderAFile_SaysWhere()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<StoreException>(async () => await LocalStore.OpenAsync(new OperatingSystemFiles(), Path.Combine(file, "archive")));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    protected override async ValueTask<IObjectStore> OpenAsync() => await LocalStore.OpenAsync(new OperatingSystemFiles(), _folder);
}
