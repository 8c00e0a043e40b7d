using TattleTail.Events.RecordBatches;
using TattleTail.Log;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Handlers;

/// <summary>What a producer's batch must be before it is recorded, so that one bad producer harms neither the archive nor any consumer.</summary>
internal static class BatchAdmission
{
    private const short ZstdFrom = 7;

    /// <summary>Checks a partition's part of a produce request: exactly one whole, sound batch. Its header is made to tell the times of its records.</summary>
    public static async ValueTask<(ErrorCode Error, string? Reason)> CheckAsync(Exchange exchange, LogPartition partition, Memory<byte>? records)
    {
        if (records is not { } batch || !RecordBatchHeader.TryRead(batch.Span, out RecordBatchHeader header))
        {
            return (ErrorCode.InvalidRecord, "There is no record batch.");
        }

        int limit = partition.Channel.Config.MaxMessageBytes;
        (ErrorCode error, string? reason) = CheckHeader(header, batch.Length, exchange.Version, limit);
        if (error != ErrorCode.None)
        {
            return (error, reason);
        }

        var limits = new BatchLimits(limit, exchange.Node.MaxDecompressedBytes);
        if (header.Compression == BatchCompression.None)
        {
            return CheckRecords(batch.Span, limits);
        }

        // Whoever holds the gate waits for nothing, so there is no need to stop waiting for it.
        await exchange.Node.DecompressionGate.WaitAsync(CancellationToken.None);
        try
        {
            return CheckRecords(batch.Span, limits);
        }
        finally
        {
            exchange.Node.DecompressionGate.Release();
        }
    }

    private static (ErrorCode Error, string? Reason) CheckHeader(in RecordBatchHeader header, int bytes, short version, int limit)
    {
        long size = (long)header.BatchLength + 12;
        if (header.Magic != 2)
        {
            return (ErrorCode.InvalidRecord, $"Record batches have magic 2, not {header.Magic}.");
        }

        if (size < bytes)
        {
            return (ErrorCode.InvalidRecord, "Each partition has exactly one record batch.");
        }

        if (size > bytes)
        {
            return (ErrorCode.InvalidRecord, $"The record batch has {bytes} of {size} bytes.");
        }

        if (header.Compression == BatchCompression.Zstd && version < ZstdFrom)
        {
            return (ErrorCode.UnsupportedCompressionType, $"zstd needs version {ZstdFrom} of the request.");
        }

        return bytes > limit ? (ErrorCode.MessageTooLarge, $"The record batch has {bytes} bytes; {limit} are allowed.") : (ErrorCode.None, null);
    }

    private static (ErrorCode Error, string? Reason) CheckRecords(Span<byte> batch, BatchLimits limits)
    {
        BatchFault fault = RecordBatch.Check(batch, limits, out string? reason, out long maxTimestamp);
        if (fault == BatchFault.None)
        {
            RecordBatch.SetCreateTime(batch, maxTimestamp);
        }

        ErrorCode error = fault switch
        {
            BatchFault.None => ErrorCode.None,
            BatchFault.CrcMismatch => ErrorCode.CorruptMessage,
            // What contradicts itself under a good CRC was made so: unlike CORRUPT_MESSAGE, clients don't send it again.
            BatchFault.Corrupt or BatchFault.UnsupportedMagic or BatchFault.InvalidRecord => ErrorCode.InvalidRecord,
            BatchFault.UnsupportedCompression => ErrorCode.UnsupportedCompressionType,
            BatchFault.TooLarge => ErrorCode.MessageTooLarge,
            _ => throw new InvalidOperationException($"A check of a batch answered {fault}."),
        };
        return (error, reason);
    }
}
