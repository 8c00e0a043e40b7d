namespace TattleTail.Log.Sealing;

/// <summary>Who asked for a seal and waits for it, and the signal that wakes the sealer.</summary>
internal sealed class SealRequests
{
    private readonly Lock _lock = new();
    private List<SealRequest> _waiting = [];
    private TaskCompletionSource _wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next request.</summary>
    public Task Wake
    {
        get
        {
            lock (_lock)
            {
                return _wake.Task;
            }
        }
    }

    public Task<SealReport> Add(string? channel)
    {
        var request = new SealRequest(channel);
        lock (_lock)
        {
            _waiting.Add(request);
            _wake.TrySetResult();
        }

        return request.Done.Task;
    }

    /// <summary>Takes what was asked for so far.</summary>
    public IReadOnlyList<SealRequest> Take()
    {
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = [];
            if (_wake.Task.IsCompleted)
            {
                _wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return taken;
        }
    }
}

/// <summary>A wish for a channel, or for all, to be sealed now.</summary>
internal sealed class SealRequest(string? channel)
{
    public TaskCompletionSource<SealReport> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Covers(Channel other) => channel is null || channel == other.Name;
}
