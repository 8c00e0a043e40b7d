using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>Records read, where to go on, and the high watermark that came with them.</summary>
internal sealed record ReadAnswer(IReadOnlyList<WireRecord> Records, long Next, long HighWatermark);

/// <summary>The log as clients reach it: the place where a planted defect of the log's surface comes between.</summary>
internal class LogSession(EventLog log)
{
    public EventLog Log => log;

    public virtual Task<AppendResult> AppendAsync(LogPartition partition, byte[] batch) => log.AppendBatchAsync(partition, batch).AsTask();

    public virtual Task<AppendResult> AppendAsync(LogPartition partition, IReadOnlyList<Event> events) => log.AppendEventsAsync(partition, events).AsTask();

    public virtual async Task<ReadAnswer> ReadAsync(LogPartition partition, long from, int maxBytes)
    {
        using var read = await log.ReadAsync(partition, from, maxBytes);
        var records = new List<WireRecord>();
        foreach (var batch in read.Batches)
        {
            records.AddRange(WireBatch.Read(batch.Batch.Span));
        }

        return new ReadAnswer(records, read.NextOffset, read.HighWatermark);
    }
}
