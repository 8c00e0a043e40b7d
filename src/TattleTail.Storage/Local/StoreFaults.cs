using TattleTail.Platform;

namespace TattleTail.Storage.Local;

/// <summary>Tells a store's callers what a failure of the file system means to them.</summary>
internal static class StoreFaults
{
    /// <summary>For reads and deletes, where "not found" is an answer.</summary>
    public static StoreException OfRead(FileSystemException e, string name) => Of(e, $"reading {name}", notFound: StoreError.NotFound);

    /// <summary>For writes, where a directory that vanished is a failure like any other.</summary>
    public static StoreException OfWrite(FileSystemException e, string name) => Of(e, $"writing {name}", notFound: StoreError.Unavailable);

    private static StoreException Of(FileSystemException e, string doing, StoreError notFound)
    {
        var error = e.Error switch
        {
            FileSystemError.NoSpace => StoreError.NoSpace,
            FileSystemError.NotFound => notFound,
            FileSystemError.Denied => StoreError.Denied,
            FileSystemError.Unsupported => StoreError.Unsupported,
            _ => StoreError.Unavailable,
        };
        return new StoreException(error, $"{doing} failed: {e.Message}", e);
    }
}
