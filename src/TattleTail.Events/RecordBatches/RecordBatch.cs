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
    /// <summary>
    /// Checks one whole batch that came from outside: lengths, magic, CRC, counts, each record within bounds after decompression, header keys
    /// UTF-8. Nothing is allocated for a length before it is checked against what is there and the limits.
    /// </summary>
    /// <param name="batch">Exactly one batch.</param>
    /// <param name="limits">The limits.</param>
    /// <param name="reason">What is wrong, in words, or null.</param>
    public static BatchFault Check(ReadOnlySpan<byte> batch, BatchLimits limits, out string? reason) => throw new NotImplementedException();

    /// <summary>Writes base offset and leader epoch, which lie outside the CRC.</summary>
    public static void Assign(Span<byte> batch, long baseOffset, int leaderEpoch) => throw new NotImplementedException();

    /// <summary>Turns a batch to LogAppendTime: attribute bit 3, max timestamp, and a new CRC.</summary>
    public static void SetLogAppendTime(Span<byte> batch, long timestamp) => throw new NotImplementedException();
}
