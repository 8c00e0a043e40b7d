namespace TattleTail.Storage.Tests;

/// <summary>A folder of a test, removed after it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tattletail-store-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
