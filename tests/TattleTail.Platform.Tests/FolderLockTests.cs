namespace TattleTail.Platform.Tests;

public sealed class FolderLockTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TryAcquire_HeldByAnother_IsNullAndNamesTheOwner()
    {
        using var first = FolderLock.TryAcquire(_folder);
        first!.Describe("{\"pid\":42}");

        Assert.Null(FolderLock.TryAcquire(_folder));
        Assert.Equal("{\"pid\":42}", FolderLock.ReadOwner(_folder));
    }

    [Fact]
    public void TryAcquire_AfterTheOwnerLetGo_Succeeds()
    {
        FolderLock.TryAcquire(_folder)!.Dispose();

        using var second = FolderLock.TryAcquire(_folder);

        Assert.NotNull(second);
    }

    [Fact]
    public void ReadOwner_OfADeadOwner_IsNull()
    {
        File.WriteAllText(Path.Combine(_folder, FolderLock.LockName), "");
        File.WriteAllText(Path.Combine(_folder, FolderLock.OwnerName), "{\"pid\":42}");

        Assert.Null(FolderLock.ReadOwner(_folder));
    }

    [Fact]
    public void TryAcquire_NoSuchFolder_IsNotFound() =>
        Assert.Equal(FileSystemError.NotFound, Assert.Throws<FileSystemException>(() => FolderLock.TryAcquire(Path.Combine(_folder, "none"))).Error);
}
