using System.Buffers.Binary;
using System.Text.Unicode;

namespace TattleTail.Events.RecordBatches;

/// <summary>What is wrong with a batch that came from outside.</summary>
public enum BatchFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Lengths, counts, deltas or fields contradict each other, or bytes are missing or left over.</summary>
    Corrupt,

    /// <summary>The CRC does not match.</summary>
    CrcMismatch,

    /// <summary>Not magic 2.</summary>
    UnsupportedMagic,

    /// <summary>A compression type that does not exist, or bytes that do not decompress.</summary>
    UnsupportedCompression,

    /// <summary>Decompresses to more than the limit.</summary>
    TooLarge,

    /// <summary>A header key that is not UTF-8, a control or transactional batch, a sequence below zero.</summary>
    InvalidRecord,
}

/// <summary>Limits a batch from outside is held to.</summary>
/// <param name="MaxBatchBytes">Largest batch as sent.</param>
/// <param name="MaxDecompressedBytes">Largest records section after decompression.</param>
public sealed record BatchLimits(int MaxBatchBytes = 1_048_588, int MaxDecompressedBytes = 64 * 1024 * 1024);

/// <summary>Checks and in-place changes of whole batches. Pure; no I/O.</summary>
public static class RecordBatch
{
    private const int CrcFrom = 21;
    private const short LogAppendTime = 0x08;

    /// <summary>
    /// Checks one whole batch that came from outside: lengths, magic, CRC, counts, each record within bounds after decompression, header keys
    /// UTF-8. Nothing is allocated for a length before it is checked against what is there and the limits.
    /// </summary>
    /// <param name="batch">Exactly one batch.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="reason">What is wrong, in words, or null.</param>
    public static BatchFault Check(ReadOnlySpan<byte> batch, BatchLimits limits, out string? reason) => Check(batch, limits, out reason, out _);

    /// <summary>The same; also tells the largest of the timestamps that the producer gave the records, whatever the header says of them.</summary>
    public static BatchFault Check(ReadOnlySpan<byte> batch, BatchLimits limits, out string? reason, out long maxTimestamp)
    {
        maxTimestamp = long.MinValue;
        var fault = CheckHeader(batch, limits, out var header, out reason);
        return fault == BatchFault.None ? CheckRecords(batch[RecordBatchHeader.Size..], header, limits, ref maxTimestamp, out reason) : fault;
    }

    /// <summary>Tells whether the CRC in the batch's header matches its bytes; false also when the batch is cut.</summary>
    public static bool CrcMatches(ReadOnlySpan<byte> batch) =>
        RecordBatchHeader.TryRead(batch, out var header) && header.BatchLength >= RecordBatchHeader.Size - 12 && header.BatchLength <= batch.Length - 12
        && header.Crc == Crc32C.Of(batch[CrcFrom..header.TotalSize]);

    /// <summary>Writes base offset and leader epoch, which lie outside the CRC.</summary>
    public static void Assign(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], leaderEpoch);
    }

    /// <summary>Turns a batch to LogAppendTime: attribute bit 3, max timestamp, and a new CRC.</summary>
    public static void SetLogAppendTime(Span<byte> batch, long timestamp) =>
        SetTime(batch, (short)(BinaryPrimitives.ReadInt16BigEndian(batch[CrcFrom..]) | LogAppendTime), timestamp);

    /// <summary>
    /// Makes the header tell of the records' own timestamps what is so: attribute bit 3 off, the largest timestamp, a new CRC. Nothing changes when it does. As Apache Kafka's <c>LogValidator</c>
    /// does: searches by time believe the header.
    /// </summary>
    public static void SetCreateTime(Span<byte> batch, long maxTimestamp)
    {
        var attributes = BinaryPrimitives.ReadInt16BigEndian(batch[CrcFrom..]);
        if ((attributes & LogAppendTime) != 0 || BinaryPrimitives.ReadInt64BigEndian(batch[35..]) != maxTimestamp)
        {
            SetTime(batch, (short)(attributes & ~LogAppendTime), maxTimestamp);
        }
    }

    private static void SetTime(Span<byte> batch, short attributes, long maxTimestamp)
    {
        BinaryPrimitives.WriteInt16BigEndian(batch[CrcFrom..], attributes);
        BinaryPrimitives.WriteInt64BigEndian(batch[35..], maxTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[17..], Crc32C.Of(batch[CrcFrom..]));
    }

    private static BatchFault CheckHeader(ReadOnlySpan<byte> batch, BatchLimits limits, out RecordBatchHeader header, out string? reason)
    {
        if (batch.Length > limits.MaxBatchBytes)
        {
            header = default;
            reason = $"the batch has {batch.Length} bytes, the limit is {limits.MaxBatchBytes}";
            return BatchFault.TooLarge;
        }

        // Magic stands at the same place in all versions of the format, so it is told before anything else is believed.
        if (batch.Length > 16 && batch[16] != 2)
        {
            header = default;
            reason = $"record format version {batch[16]} is not served: use a client of the last seven years (version 2)";
            return BatchFault.UnsupportedMagic;
        }

        if (!RecordBatchHeader.TryRead(batch, out header) || header.BatchLength != batch.Length - 12)
        {
            reason = "the batch's length does not match the bytes that came: exactly one batch is expected";
            return BatchFault.Corrupt;
        }

        if (header.Crc != Crc32C.Of(batch[CrcFrom..]))
        {
            reason = "the batch's CRC does not match its bytes";
            return BatchFault.CrcMismatch;
        }

        if (header.Count <= 0 || header.LastOffsetDelta != header.Count - 1)
        {
            reason = $"the batch says {header.Count} records up to offset delta {header.LastOffsetDelta}";
            return BatchFault.Corrupt;
        }

        if (header.IsControl || header.IsTransactional || (header.ProducerId >= 0 && (header.BaseSequence < 0 || header.ProducerEpoch < 0)))
        {
            reason = header.IsControl ? "control batches are not for clients to send"
                : header.IsTransactional ? "transactions are not supported"
                : "a batch with a producer id needs an epoch and a sequence";
            return BatchFault.InvalidRecord;
        }

        reason = header.Compression > BatchCompression.Zstd ? $"compression type {(int)header.Compression} does not exist" : null;
        return reason is null ? BatchFault.None : BatchFault.UnsupportedCompression;
    }

    private static BatchFault CheckRecords(
        ReadOnlySpan<byte> records, in RecordBatchHeader header, BatchLimits limits, ref long maxTimestamp, out string? reason)
    {
        if (header.Compression == BatchCompression.None)
        {
            return CheckEachRecord(records, header, ref maxTimestamp, out reason);
        }

        try
        {
            using var decompressed = DecompressedRecords.Of(header.Compression, records, limits.MaxDecompressedBytes);
            return CheckEachRecord(decompressed.Bytes, header, ref maxTimestamp, out reason);
        }
        catch (InvalidDataException e)
        {
            reason = e.Message;
            return BatchFault.Corrupt;
        }
        catch (DecompressedTooLargeException e)
        {
            reason = e.Message;
            return BatchFault.TooLarge;
        }
    }

    private static BatchFault CheckEachRecord(ReadOnlySpan<byte> records, RecordBatchHeader header, ref long maxTimestamp, out string? reason)
    {
        header = header with { Attributes = (short)(header.Attributes & ~LogAppendTime) };
        var position = 0;
        for (var i = 0; i < header.Count; i++)
        {
            if (!RecordParser.TryRead(records, ref position, header, out var record, out var offsetDelta, out reason))
            {
                return BatchFault.Corrupt;
            }

            if (offsetDelta != i)
            {
                reason = $"record {i} of the batch has offset delta {offsetDelta}";
                return BatchFault.Corrupt;
            }

            maxTimestamp = Math.Max(maxTimestamp, record.Timestamp);
            var fault = CheckHeaders(record, i, out reason);
            if (fault != BatchFault.None)
            {
                return fault;
            }
        }

        reason = position == records.Length ? null : "bytes are left over after the last record";
        return reason is null ? BatchFault.None : BatchFault.Corrupt;
    }

    private static BatchFault CheckHeaders(in RecordView record, int index, out string? reason)
    {
        var headers = new RecordHeaderReader(record);
        for (var i = 0; i < record.HeaderCount; i++)
        {
            if (!headers.TryMoveNext())
            {
                reason = $"the headers of record {index} are malformed";
                return BatchFault.Corrupt;
            }

            if (!Utf8.IsValid(headers.Key))
            {
                reason = $"a header key of record {index} is not UTF-8";
                return BatchFault.InvalidRecord;
            }
        }

        reason = headers.Position == record.HeaderBytes.Length ? null : $"bytes are left over after the headers of record {index}";
        return reason is null ? BatchFault.None : BatchFault.Corrupt;
    }
}
