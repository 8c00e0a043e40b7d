using System.Threading.Channels;

namespace TattleTail.Cli.Publish;

/// <summary>
/// Stands between reading the input and sending: the reader runs ahead while a batch is under way, by a bounded number of bytes, and a batch is whatever waits when the
/// last one is done. So a fast input travels in large batches and a slow one at once. One adder, one taker.
/// </summary>
internal sealed class LineQueue : IDisposable
{
    private const long MaxQueuedBytes = 8 * 1024 * 1024;
    private const int LineOverhead = 64;

    private readonly Channel<InputLine> _lines = Channel.CreateUnbounded<InputLine>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _room = new(0);
    private readonly int _maxBatchBytes;
    private readonly int _maxBatchLines;
    private long _queued;

    /// <summary>Sets how large a batch may be; one line that is larger travels alone.</summary>
    public LineQueue(int maxBatchBytes, int maxBatchLines)
    {
        _maxBatchBytes = maxBatchBytes;
        _maxBatchLines = maxBatchLines;
    }

    /// <summary>Adds a line, waiting while too much is queued.</summary>
    public async ValueTask AddAsync(InputLine added, CancellationToken cancel)
    {
        Interlocked.Add(ref _queued, added.Bytes.Length + LineOverhead);
        _lines.Writer.TryWrite(added);
        while (Interlocked.Read(ref _queued) > MaxQueuedBytes)
        {
            await _room.WaitAsync(cancel);
        }
    }

    /// <summary>No more lines come, because of the fault when there is one: the taker gets what was added, then the fault.</summary>
    public void Complete(Exception? fault) => _lines.Writer.TryComplete(fault);

    /// <summary>What waits, up to a batch; null at the end. Throws the fault that the queue was completed with.</summary>
    public async ValueTask<List<InputLine>?> TakeAsync(CancellationToken cancel)
    {
        if (!await _lines.Reader.WaitToReadAsync(cancel))
        {
            return null;
        }

        var batch = new List<InputLine>();
        var bytes = 0L;
        while (batch.Count < _maxBatchLines && _lines.Reader.TryPeek(out var next)
            && (batch.Count == 0 || bytes + next.Bytes.Length <= _maxBatchBytes))
        {
            _lines.Reader.TryRead(out _);
            batch.Add(next);
            bytes += next.Bytes.Length;
        }

        Interlocked.Add(ref _queued, -(bytes + (batch.Count * (long)LineOverhead)));
        if (_room.CurrentCount == 0)
        {
            _room.Release();
        }

        return batch;
    }

    /// <inheritdoc />
    public void Dispose() => _room.Dispose();
}
