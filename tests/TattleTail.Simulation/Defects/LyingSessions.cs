using System.Buffers.Binary;
using TattleTail.Log;
using TattleTail.Simulation.Checking;
using TattleTail.Simulation.Work;

namespace TattleTail.Simulation.Defects;

/// <summary>Loses the last header of an event that has more than one.</summary>
internal sealed class DropsHeader(EventLog log) : LogSession(log)
{
    public override async Task<ReadAnswer> ReadAsync(LogPartition partition, long from, int maxBytes)
    {
        var answer = await base.ReadAsync(partition, from, maxBytes);
        return answer with { Records = [.. answer.Records.Select(record => record.Headers.Count > 1 ? record with { Headers = [.. record.Headers.SkipLast(1)] } : record)] };
    }
}

/// <summary>Misses the first event of the journal when a reader comes from the archive.</summary>
internal sealed class MissesTheSeam(EventLog log) : LogSession(log)
{
    public override async Task<ReadAnswer> ReadAsync(LogPartition partition, long from, int maxBytes)
    {
        var seam = partition.JournalStart;
        var answer = await base.ReadAsync(partition, from, maxBytes);
        return seam > 0 ? answer with { Records = [.. answer.Records.Where(record => record.Offset != seam)] } : answer;
    }
}

/// <summary>Forgets what a producer sent before: a repetition is appended again.</summary>
internal sealed class ForgetsProducers(EventLog log, HashSet<(long Producer, int Sequence)> seen) : LogSession(log)
{
    public override Task<AppendResult> AppendAsync(LogPartition partition, byte[] batch)
    {
        var producer = (BinaryPrimitives.ReadInt64BigEndian(batch.AsSpan(43)), BinaryPrimitives.ReadInt32BigEndian(batch.AsSpan(53)));
        var again = producer.Item1 >= 0 && !seen.Add(producer);
        return base.AppendAsync(partition, again ? WireBatch.Write(WireBatch.Read(batch)) : batch);
    }
}
