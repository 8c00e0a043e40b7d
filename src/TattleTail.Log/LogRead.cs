namespace TattleTail.Log;

/// <summary>A batch read from the log.</summary>
/// <param name="RecordedAtMicros">When its first event was recorded, µs since 1970 UTC.</param>
/// <param name="Batch">One RecordBatch v2.</param>
/// <param name="RecordedAtEach">When each of its events was recorded; empty when all were recorded at once.</param>
public readonly record struct LogBatch(long RecordedAtMicros, ReadOnlyMemory<byte> Batch, ReadOnlyMemory<long> RecordedAtEach = default)
{
    /// <summary>When an event was recorded, by its place in the batch, µs since 1970 UTC.</summary>
    public long RecordedAt(int index) => RecordedAtEach.IsEmpty ? RecordedAtMicros : RecordedAtEach.Span[index];

    /// <summary>When its last event was recorded, µs since 1970 UTC.</summary>
    public long RecordedAtLast => RecordedAtEach.IsEmpty ? RecordedAtMicros : RecordedAtEach.Span[^1];
}

/// <summary>Batches read from the log and the hold on their buffers.</summary>
public sealed class LogRead : IDisposable
{
    private IDisposable? _hold;

    internal LogRead(IReadOnlyList<LogBatch> batches, long highWatermark, long nextOffset, IDisposable? hold)
    {
        Batches = batches;
        HighWatermark = highWatermark;
        NextOffset = nextOffset;
        _hold = hold;
    }

    /// <summary>The batches in offset order, valid until <see cref="Dispose"/>; empty at the high watermark, and where nothing but a gap lies below it.</summary>
    public IReadOnlyList<LogBatch> Batches { get; }

    /// <summary>The partition's high watermark when it was read.</summary>
    public long HighWatermark { get; }

    /// <summary>The offset to read from next.</summary>
    public long NextOffset { get; }

    /// <inheritdoc />
    public void Dispose() => Interlocked.Exchange(ref _hold, null)?.Dispose();
}
