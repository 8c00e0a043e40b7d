namespace TattleTail.Simulation.Checking;

/// <summary>Holds one partition, read from its start to its end, against the ledger: order, holes, and nothing missing.</summary>
internal sealed class PartitionScan(Ledger ledger, Findings findings, Guid topic, int partition, string by)
{
    private readonly Dictionary<string, long> _orders = new(StringComparer.Ordinal);
    private long _next;

    /// <summary>The offset after the last record.</summary>
    public long Next => _next;

    public void Add(WireRecord record)
    {
        findings.Require(record.Offset >= _next, "I2", $"{by}: offset {record.Offset} of {topic}/{partition} after {_next - 1}");
        findings.Require(record.Offset <= _next, "I3", $"{by}: a hole in {topic}/{partition} from {_next} to {record.Offset} that nobody explains");
        _next = record.Offset + 1;
        ledger.Observe(record, topic, partition, by);
        if (SentEvent.IdOf(record) is not { } id || ledger.Find(id) is not { } sent)
        {
            return;
        }

        findings.Require(
            _orders.GetValueOrDefault(sent.Sender, -1) < sent.Order, "I3", $"{by}: {sent.Id} comes after a later event of {sent.Sender} in {topic}/{partition}");
        _orders[sent.Sender] = Math.Max(sent.Order, _orders.GetValueOrDefault(sent.Sender, -1));
    }

    /// <summary>Nothing that was acknowledged or served lies beyond what was read.</summary>
    public void Finish()
    {
        foreach (var sent in ledger.Sent)
        {
            if (sent.Topic != topic || sent.Partition != partition)
            {
                continue;
            }

            findings.Require((sent.Acknowledged ?? -1) < _next, "I1", $"{by}: {sent.Id} was acknowledged at {topic}/{partition}@{sent.Acknowledged}, which ends at {_next}");
            findings.Require((sent.Seen ?? -1) < _next, "I1", $"{by}: {sent.Id} was served at {topic}/{partition}@{sent.Seen}, which ends at {_next}");
        }
    }
}
