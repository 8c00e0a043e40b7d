using TattleTail.Archive;
using TattleTail.Log.Waiting;
using TattleTail.Storage;

namespace TattleTail.Log.Reading;

/// <summary>
/// The archive as readers and the sealer find it: open, or not yet and why. Who asks while it is opened for the first time waits a little, so that a reader that comes right after the start
/// is served.
/// </summary>
internal sealed class ArchiveAccess(TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
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
        _tried.TrySetResult();
    }

    public void Failed(Exception fault)
    {
        _fault = fault;
        _tried.TrySetResult();
    }

    /// <summary>The archive, or a <see cref="StoreException"/> that says why there is none.</summary>
    public async ValueTask<EventArchive> RequiredAsync(CancellationToken cancel)
    {
        if (!_tried.Task.IsCompleted)
        {
            await FirstOf.WaitAsync(_tried.Task, Pause.WaitAsync(Patience, clock, cancel));
            cancel.ThrowIfCancellationRequested();
        }

        return _archive ?? throw new StoreException(StoreError.Unavailable, $"the archive is not open yet: {_fault?.Message ?? "its store is being opened"}", _fault);
    }
}
