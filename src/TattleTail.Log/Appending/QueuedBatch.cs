using TattleTail.Journal;

namespace TattleTail.Log.Appending;

/// <summary>A batch in the journal's queue, until it is durable. Changed under the log's lock.</summary>
internal abstract class QueuedBatch(StreamPartition partition, long baseOffset) : BatchEntry(partition)
{
    /// <summary>The journal's promise: completes when the batch is on disk, fails when the journal faults.</summary>
    public Task<long> Durable { get; set; } = null!;

    public long BaseOffset { get; } = baseOffset;

    /// <summary>The offset after its last event. Final once it is frozen.</summary>
    public long EndOffset { get; protected set; }

    /// <summary>Events and bytes, final once it is frozen.</summary>
    public int Events { get; protected set; }

    public long Bytes { get; protected set; }
}

/// <summary>A batch as it was produced, with offsets and epoch written into it.</summary>
internal sealed class ProducedBatch : QueuedBatch
{
    private readonly BatchPayload _payload;

    public ProducedBatch(StreamPartition partition, long baseOffset, int events, long endOffset, long recordedAt, ReadOnlyMemory<byte> batch)
        : base(partition, baseOffset)
    {
        _payload = new BatchPayload(recordedAt, default, batch);
        EndOffset = endOffset;
        Events = events;
        Bytes = batch.Length;
    }

    public override BatchPayload Freeze() => _payload;
}
