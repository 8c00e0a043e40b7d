using TattleTail.Archive.Parquet;
using TattleTail.Events.RecordBatches;
using TattleTail.Platform;

namespace TattleTail.Archive.Reading;

/// <summary>
/// Frames decoded rows as uncompressed record batches: one partition, about 1 MiB or 500 events each, one clock and, under LogAppendTime, one timestamp a batch. Keeps its memory for the next rows.
/// </summary>
internal sealed class BatchFramer
{
    public const int MaxBatchEvents = 500;

    private const int MaxBatchBytes = 1024 * 1024;

    private readonly RecordBatchBuilder _builder = new();

    /// <summary>Frames all rows.</summary>
    public FramedChunk Frame(DecodedRows rows)
    {
        var chunk = new FramedChunk();
        try
        {
            for (var row = 0; row < rows.Count;)
            {
                row = FrameBatch(rows, row, chunk);
                Background.GiveWay();
            }

            return chunk;
        }
        catch
        {
            chunk.Release();
            throw;
        }
    }

    private int FrameBatch(DecodedRows rows, int first, FramedChunk chunk)
    {
        var end = End(rows, first);
        _builder.Start(rows.Offset[first], leaderEpoch: -1, rows.TimestampType[first]);
        var row = first;
        while (row < end
            && _builder.TryAdd(
                rows.Offset[row], rows.Timestamp[row], rows.Key.IsNull(row), rows.Key[row], rows.Body.IsNull(row), rows.Body[row], rows.HeaderCount[row], rows.Headers[row]))
        {
            row++;
        }

        chunk.Add(rows.Partition[first], _builder.Finish().Span, rows.RecordedAt.AsSpan(first, row - first).ToArray(), rows.Offset[row - 1]);
        return row;
    }

    /// <summary>The row behind those that may share a batch.</summary>
    private static int End(DecodedRows rows, int first)
    {
        var size = RecordBatchHeader.Size + MaxSize(rows, first);
        var end = first + 1;
        while (end < rows.Count && end - first < MaxBatchEvents && rows.Partition[end] == rows.Partition[first] && rows.TimestampType[end] == rows.TimestampType[first]
            && size + MaxSize(rows, end) is var next && next <= MaxBatchBytes)
        {
            size = next;
            end++;
        }

        return end;
    }

    private static long MaxSize(DecodedRows rows, int row) => (long)RecordBatchBuilder.MaxRecordOverhead + rows.Key[row].Length + rows.Body[row].Length + rows.Headers[row].Length;
}
