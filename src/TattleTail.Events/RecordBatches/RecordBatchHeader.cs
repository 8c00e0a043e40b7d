using System.Buffers.Binary;

namespace TattleTail.Events.RecordBatches;

/// <summary>How the records of a batch are compressed (attributes, bits 0–2).</summary>
public enum BatchCompression
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>gzip.</summary>
    Gzip = 1,

    /// <summary>Snappy, raw or in the Java client's xerial framing.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames.</summary>
    Lz4 = 3,

    /// <summary>Zstandard.</summary>
    Zstd = 4,
}

/// <summary>
/// The 61 bytes at the head of a Kafka RecordBatch v2 (magic 2), big-endian, read without checking the records.
/// Source: Apache Kafka, <c>DefaultRecordBatch</c>, and the protocol guide, "Record Batch".
/// </summary>
/// <remarks>
/// base offset int64 @0, batch length int32 @8 (bytes after itself), partition leader epoch int32 @12, magic int8 @16, CRC32C uint32 @17
/// (from 21 to the end), attributes int16 @21, last offset delta int32 @23, base timestamp int64 @27, max timestamp int64 @35,
/// producer id int64 @43, producer epoch int16 @51, base sequence int32 @53, record count int32 @57.
/// </remarks>
public readonly record struct RecordBatchHeader
{
    /// <summary>The size of the header in bytes.</summary>
    public const int Size = 61;

    /// <summary>Offset of the first record.</summary>
    public required long BaseOffset { get; init; }

    /// <summary>Bytes after the length field.</summary>
    public required int BatchLength { get; init; }

    /// <summary>The leader's epoch at append.</summary>
    public required int LeaderEpoch { get; init; }

    /// <summary>Format version; 2.</summary>
    public required byte Magic { get; init; }

    /// <summary>CRC32C from the attributes to the end.</summary>
    public required uint Crc { get; init; }

    /// <summary>Compression, timestamp type, transactional and control bits.</summary>
    public required short Attributes { get; init; }

    /// <summary>Offset of the last record less <see cref="BaseOffset"/>.</summary>
    public required int LastOffsetDelta { get; init; }

    /// <summary>Timestamp to which the records' deltas are added.</summary>
    public required long BaseTimestamp { get; init; }

    /// <summary>The largest timestamp in the batch.</summary>
    public required long MaxTimestamp { get; init; }

    /// <summary>The producer, or -1.</summary>
    public required long ProducerId { get; init; }

    /// <summary>The producer's epoch, or -1.</summary>
    public required short ProducerEpoch { get; init; }

    /// <summary>Sequence of the first record, or -1.</summary>
    public required int BaseSequence { get; init; }

    /// <summary>Number of records.</summary>
    public required int Count { get; init; }

    /// <summary>Bytes of the whole batch.</summary>
    public int TotalSize => BatchLength + 12;

    /// <summary>Offset of the last record.</summary>
    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>How the records are compressed; values above 4 are undefined.</summary>
    public BatchCompression Compression => (BatchCompression)(Attributes & 0x07);

    /// <summary>Which clock the timestamps came from.</summary>
    public TimestampType TimestampType => (TimestampType)((Attributes >> 3) & 1);

    /// <summary>Part of a transaction.</summary>
    public bool IsTransactional => (Attributes & 0x10) != 0;

    /// <summary>A control batch (transaction markers).</summary>
    public bool IsControl => (Attributes & 0x20) != 0;

    /// <summary>Reads the header; false when fewer than <see cref="Size"/> bytes are there. Nothing is checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> batch, out RecordBatchHeader header)
    {
        if (batch.Length < Size)
        {
            header = default;
            return false;
        }

        header = new RecordBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(batch),
            BatchLength = BinaryPrimitives.ReadInt32BigEndian(batch[8..]),
            LeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(batch[12..]),
            Magic = batch[16],
            Crc = BinaryPrimitives.ReadUInt32BigEndian(batch[17..]),
            Attributes = BinaryPrimitives.ReadInt16BigEndian(batch[21..]),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(batch[23..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(batch[27..]),
            MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(batch[35..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(batch[43..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(batch[51..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(batch[53..]),
            Count = BinaryPrimitives.ReadInt32BigEndian(batch[57..]),
        };
        return true;
    }
}
