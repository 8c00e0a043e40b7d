using TattleTail.Archive.Parquet;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Reading;

/// <summary>Frames decoded rows as uncompressed record batches: about 1 MiB or 500 events each, one clock and, under LogAppendTime, one timestamp a batch.</summary>
internal sealed class BatchFramer
{
    private const int MaxBatchBytes = 1024 * 1024;
    private const int MaxBatchEvents = 500;

    private readonly RecordBatchBuilder _builder = new();

    public long Bytes { get; private set; }

    public List<ArchivedBatch> Batches { get; } = [];

    /// <summary>Frames a partition's rows from an index on until the bytes are full; returns the offset to go on from.</summary>
    public long Frame(DecodedRows rows, int partition, int from, long maxBytes)
    {
        var row = from;
        while (row < rows.Count && rows.Partition[row] == partition && (Batches.Count == 0 || Bytes < maxBytes))
        {
            row = FrameBatch(rows, partition, row);
        }

        return rows.Offset[row - 1] + 1;
    }

    private int FrameBatch(DecodedRows rows, int partition, int first)
    {
        var type = rows.TimestampType[first];
        _builder.Start(rows.Offset[first], leaderEpoch: -1, type);
        var row = first;
        while (row < rows.Count && rows.Partition[row] == partition && rows.TimestampType[row] == type && _builder.Count < MaxBatchEvents
            && (_builder.Count == 0 || _builder.Size + rows.Body[row].Length < MaxBatchBytes)
            && _builder.TryAdd(
                rows.Offset[row], rows.Timestamp[row], rows.Key.IsNull(row), rows.Key[row], rows.Body.IsNull(row), rows.Body[row], rows.HeaderCount[row], rows.Headers[row]))
        {
            row++;
        }

        var batch = _builder.Finish().ToArray();
        Bytes += batch.Length;
        Batches.Add(new ArchivedBatch(rows.RecordedAt[first], batch, rows.RecordedAt.AsMemory(first, row - first)));
        return row;
    }
}
