namespace TattleTail.Journal;

/// <summary>An entry on its way to the disk: what it holds, and who waits for it.</summary>
internal sealed class PendingEntry(EntryKind kind, BatchEntry? batch, ReadOnlyMemory<byte> payload)
{
    private readonly TaskCompletionSource<long> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EntryKind Kind { get; } = kind;

    public BatchEntry? Batch { get; } = batch;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>The segment ends before it, so that all that was queued before it lies in closed segments.</summary>
    public bool EndsSegment { get; init; }

    /// <summary>Where it stands, once written.</summary>
    public long Position { get; set; }

    /// <summary>Position after it; beyond everything until it is written.</summary>
    public long End { get; set; } = long.MaxValue;

    public Task<long> Completion => _completion.Task;

    public void Complete() => _completion.TrySetResult(Position);

    public void Fail(Exception reason)
    {
        if (_completion.TrySetException(reason))
        {
            // Nobody may wait for it (a mark, an acks=0 producer): that is no unobserved failure.
            _ = _completion.Task.Exception;
        }
    }
}
