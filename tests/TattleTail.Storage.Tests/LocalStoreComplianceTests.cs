using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.Storage.Tests;

/// <summary>The local store on this machine's file system.</summary>
public sealed class LocalStoreComplianceTests : ObjectStoreCompliance, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override async ValueTask<IObjectStore> OpenEmptyAsync() => await LocalStore.OpenAsync(new OperatingSystemFiles(), _folder.Path + "/new/store");
}
