namespace TattleTail.Journal;

/// <summary>A partition of a channel's incarnation, by the number that this node gave the incarnation.</summary>
/// <param name="Stream">The incarnation's number on this node, from 1.</param>
/// <param name="Partition">The partition, from 0.</param>
public readonly record struct StreamPartition(int Stream, int Partition);

/// <summary>What one batch entry holds.</summary>
/// <param name="RecordedAtMicros">When it was recorded, µs since 1970 UTC; never falls on a node.</param>
/// <param name="SourcePosition">The source's position after these events, opaque, up to 64 KiB; empty when there is none.</param>
/// <param name="Batch">One RecordBatch v2 with its offsets assigned; empty when only the position moved.</param>
public readonly record struct BatchPayload(long RecordedAtMicros, ReadOnlyMemory<byte> SourcePosition, ReadOnlyMemory<byte> Batch);

/// <summary>A batch that waits to be written.</summary>
public abstract class BatchEntry
{
    /// <summary>Creates an entry.</summary>
    protected BatchEntry(StreamPartition partition) => Partition = partition;

    /// <summary>Whose events these are.</summary>
    public StreamPartition Partition { get; }

    /// <summary>
    /// The entry's bytes. Called once, on the writer's scheduler, in the order of the appends, as late as possible, so that small events can still join until then. The bytes stay unchanged
    /// until the append completes.
    /// </summary>
    public abstract BatchPayload Freeze();
}
