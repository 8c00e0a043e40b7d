using System.Threading.Channels;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Stands between reading the input and sending: the reader runs ahead while a batch is under way, by a bounded number of bytes, and a batch is whatever waits when the
/// last one is done. So a fast input travels in large batches and a slow one at once. One adder, one taker.
/// </summary>
internal sealed class EventQueue : IDisposable
{
    private const long MaxQueuedBytes = 8 * 1024 * 1024;
    private const int EventOverhead = 64;

    private readonly Channel<OutgoingEvent> _events = Channel.CreateUnbounded<OutgoingEvent>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(0);
    private readonly int _maxBatchBytes;
    private readonly int _maxBatchEvents;
    private long _queued;

    /// <summary>Sets how large a batch may be; one event that is larger travels alone.</summary>
    public EventQueue(int maxBatchBytes, int maxBatchEvents)
    {
        _maxBatchBytes = maxBatchBytes;
        _maxBatchEvents = maxBatchEvents;
    }

    /// <summary>Adds an event, waiting while too much is queued.</summary>
    public async ValueTask AddAsync(OutgoingEvent added, CancellationToken cancel)
    {
        Interlocked.Add(ref _queued, added.Json.Length + EventOverhead);
        _events.Writer.TryWrite(added);
        while (Interlocked.Read(ref _queued) > MaxQueuedBytes)
        {
            await _room.WaitAsync(cancel);
        }
    }

    /// <summary>No more events come, because of the fault when there is one: the taker gets what was added, then the fault.</summary>
    public void Complete(Exception? fault) => _events.Writer.TryComplete(fault);

    /// <summary>What waits, of one form, up to a batch; null at the end. Throws the fault that the queue was completed with.</summary>
    public async ValueTask<List<OutgoingEvent>?> TakeAsync(CancellationToken cancel)
    {
        if (!await _events.Reader.WaitToReadAsync(cancel))
        {
            return null;
        }

        var batch = new List<OutgoingEvent>();
        var bytes = 0L;
        while (batch.Count < _maxBatchEvents && _events.Reader.TryPeek(out var next)
            && (batch.Count == 0 || (next.Form == batch[0].Form && bytes + next.Json.Length <= _maxBatchBytes)))
        {
            _events.Reader.TryRead(out _);
            batch.Add(next);
            bytes += next.Json.Length;
        }

        Interlocked.Add(ref _queued, -(bytes + (batch.Count * (long)EventOverhead)));
        if (_room.CurrentCount == 0)
        {
            _room.Release();
        }

        return batch;
    }

    /// <inheritdoc />
    public void Dispose() => _room.Dispose();
}
