using System.Buffers;
using TattleTail.Archive.Parquet;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Reading;

/// <summary>
/// Frames decoded rows as uncompressed record batches: about 1 MiB or 500 events each, one clock and, under LogAppendTime, one timestamp a batch. Each batch is written once, into a
/// pooled buffer that holds it for certain.
/// </summary>
internal sealed class BatchFramer
{
    private const int MaxBatchBytes = 1024 * 1024;
    private const int MaxBatchEvents = 500;

    private readonly RecordBatchBuilder _builder = new();

    public long Bytes { get; private set; }

    public List<ArchivedBatch> Batches { get; } = [];

    /// <summary>What the batches lie in, rented from the shared pool; whoever takes the batches returns it.</summary>
    public List<byte[]> Buffers { get; } = [];

    /// <summary>Frames a partition's rows from an index on until the bytes are full; returns the offset to go on from.</summary>
    public long Frame(DecodedRows rows, int partition, int from, long maxBytes)
    {
        var row = from;
        while (row < rows.Count && rows.Partition[row] == partition && (Batches.Count == 0 || Bytes < maxBytes))
        {
            row = FrameBatch(rows, row);
        }

        return rows.Offset[row - 1] + 1;
    }

    private int FrameBatch(DecodedRows rows, int first)
    {
        var (end, size) = Measure(rows, first);
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        Buffers.Add(buffer);
        _builder.Start(rows.Offset[first], leaderEpoch: -1, rows.TimestampType[first], buffer);
        var row = first;
        while (row < end
            && _builder.TryAdd(
                rows.Offset[row], rows.Timestamp[row], rows.Key.IsNull(row), rows.Key[row], rows.Body.IsNull(row), rows.Body[row], rows.HeaderCount[row], rows.Headers[row]))
        {
            row++;
        }

        var batch = _builder.Finish();
        Bytes += batch.Length;
        Batches.Add(new ArchivedBatch(batch, rows.RecordedAt.AsMemory(first, row - first)));
        return row;
    }

    /// <summary>The rows that may share a batch, and the bytes that it has at most.</summary>
    private static (int End, int Size) Measure(DecodedRows rows, int first)
    {
        long size = RecordBatchHeader.Size + MaxSize(rows, first);
        var end = first + 1;
        while (end < rows.Count && end - first < MaxBatchEvents && rows.Partition[end] == rows.Partition[first] && rows.TimestampType[end] == rows.TimestampType[first]
            && size + MaxSize(rows, end) is var next && next <= MaxBatchBytes)
        {
            size = next;
            end++;
        }

        return (end, checked((int)size));
    }

    private static long MaxSize(DecodedRows rows, int row) => (long)RecordBatchBuilder.MaxRecordOverhead + rows.Key[row].Length + rows.Body[row].Length + rows.Headers[row].Length;
}
