using TattleTail.Events.RecordBatches;

namespace TattleTail.Journal;

/// <summary>What the index knows of one batch entry.</summary>
/// <param name="Position">Where the entry stands.</param>
/// <param name="PayloadLength">Bytes of its payload.</param>
/// <param name="FirstOffset">First offset of the batch.</param>
/// <param name="LastOffset">Last offset of the batch.</param>
/// <param name="Events">Records in it.</param>
/// <param name="MaxTimestamp">Largest timestamp of its events, ms.</param>
/// <param name="RecordedAtMicros">When it was recorded.</param>
internal readonly record struct IndexedBatch(
    long Position, int PayloadLength, long FirstOffset, long LastOffset, int Events, long MaxTimestamp, long RecordedAtMicros)
{
    public static IndexedBatch Of(long position, int payloadLength, in BatchPayload payload)
    {
        RecordBatchHeader.TryRead(payload.Batch.Span, out var header);
        return new IndexedBatch(position, payloadLength, header.BaseOffset, header.LastOffset, header.Count, header.MaxTimestamp, payload.RecordedAtMicros);
    }
}
