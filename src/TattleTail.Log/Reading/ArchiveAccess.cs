using TattleTail.Archive;
using TattleTail.Storage;

namespace TattleTail.Log.Reading;

/// <summary>The archive as readers and the sealer find it: open, or not yet and why. Reads run on their own scheduler.</summary>
internal sealed class ArchiveAccess(TaskScheduler reads)
{
    private volatile EventArchive? _archive;
    private volatile Exception? _fault;

    /// <summary>The archive when it is open.</summary>
    public EventArchive? Archive => _archive;

    /// <summary>The store under it.</summary>
    public IObjectStore? Store { get; private set; }

    /// <summary>Why it is not open.</summary>
    public Exception? Fault => _fault;

    public void Opened(EventArchive archive, IObjectStore store)
    {
        Store = store;
        _archive = archive;
        _fault = null;
    }

    public void Failed(Exception fault) => _fault = fault;

    /// <summary>The archive, or a <see cref="StoreException"/> that says why there is none.</summary>
    public EventArchive Required() =>
        _archive ?? throw new StoreException(StoreError.Unavailable, $"the archive is not open yet: {_fault?.Message ?? "its store is being opened"}", _fault);

    /// <summary>Reads events of a file on the scheduler of archive reads.</summary>
    public Task<ArchiveRead> ReadAsync(ArchiveFile file, int partition, long from, int maxBytes, CancellationToken cancel)
    {
        var archive = Required();
        return Task.Factory.StartNew(
            () => archive.ReadAsync(file, partition, from, maxBytes, cancel).AsTask(), cancel, TaskCreationOptions.DenyChildAttach, reads).Unwrap();
    }
}
