namespace TattleTail.Events.RecordBatches;

/// <summary>
/// Makes one uncompressed batch record by record, in a buffer that grows and is kept for the next batch. Offsets may have holes; timestamps may be any int64
/// whose differences from the first fit (a delta that would overflow is refused by <c>TryAdd</c>: start another batch).
/// </summary>
public sealed class RecordBatchBuilder
{
    /// <summary>Number of records so far.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>Bytes of the batch so far, header included.</summary>
    public int Size => throw new NotImplementedException();

    /// <summary>Forgets all records and starts a batch whose first record has that offset.</summary>
    public void Start(long baseOffset, int leaderEpoch, TimestampType timestampType = TimestampType.CreateTime) => throw new NotImplementedException();

    /// <summary>
    /// Adds a record. <paramref name="headerBytes"/> is what stands in a record after the header count, as in <see cref="RecordView.HeaderBytes"/>.
    /// False, with nothing added, when the offset's or the timestamp's delta does not fit: start another batch.
    /// </summary>
    public bool TryAdd(
        long offset, long timestamp, bool keyIsNull, ReadOnlySpan<byte> key, bool bodyIsNull, ReadOnlySpan<byte> body, int headerCount, ReadOnlySpan<byte> headerBytes) =>
        throw new NotImplementedException();

    /// <summary>Adds an event object.</summary>
    public bool TryAdd(long offset, Event @event) => throw new NotImplementedException();

    /// <summary>
    /// Completes header and CRC. The memory is valid until the next <see cref="Start"/>. <paramref name="lastOffset"/> may lie above the last record's offset to
    /// cover a trailing hole.
    /// </summary>
    public ReadOnlyMemory<byte> Finish(long? lastOffset = null) => throw new NotImplementedException();
}
