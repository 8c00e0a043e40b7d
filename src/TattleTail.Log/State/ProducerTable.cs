using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Log.State;

/// <summary>
/// The producers of all partitions in the order of their last append. Which ones are forgotten depends on the entries alone, never on the clock of the moment,
/// so that a replay forgets the same ones.
/// </summary>
internal sealed class ProducerTable
{
    /// <summary>Producers in partitions remembered on a node; beyond that the longest idle one goes.</summary>
    public const int MaxProducers = 100_000;

    /// <summary>Time without an append after which a producer is forgotten, in µs of recording: 24 h.</summary>
    public const long IdleMicros = 24L * 3600 * 1_000_000;

    private readonly LinkedList<ProducerState> _byUse = new();

    public int Count => _byUse.Count;

    /// <summary>The longest idle first.</summary>
    public IEnumerable<ProducerState> InOrderOfUse => _byUse;

    /// <summary>Notes a batch of an idempotent producer.</summary>
    public void Note(PartitionState partition, in RecordBatchHeader header, long recordedAt)
    {
        if (!partition.Producers.TryGetValue(header.ProducerId, out var producer))
        {
            producer = Add(partition, header.ProducerId);
        }
        else if (producer.Place!.Next is not null)
        {
            _byUse.Remove(producer.Place);
            _byUse.AddLast(producer.Place);
        }

        producer.LastRecordedAt = recordedAt;
        var last = Sequences.Last(header.BaseSequence, header.LastOffsetDelta);
        var time = header.TimestampType == TimestampType.LogAppendTime ? header.MaxTimestamp : -1;
        producer.Remember(header.ProducerEpoch, new ProducedBatchMark(header.BaseSequence, last, header.BaseOffset, time));
    }

    /// <summary>Adds a producer as the last used one; the longest idle one goes when there are too many.</summary>
    public ProducerState Add(PartitionState partition, long producerId)
    {
        if (_byUse.Count == MaxProducers)
        {
            Forget(_byUse.First!);
        }

        var producer = new ProducerState(partition, producerId);
        producer.Place = _byUse.AddLast(producer);
        partition.Producers.Add(producerId, producer);
        return producer;
    }

    /// <summary>Forgets who was idle for too long at a time of recording.</summary>
    public void Expire(long recordedAt)
    {
        while (_byUse.First is { } oldest && oldest.Value.LastRecordedAt < recordedAt - IdleMicros)
        {
            Forget(oldest);
        }
    }

    private void Forget(LinkedListNode<ProducerState> place)
    {
        _byUse.Remove(place);
        place.Value.Partition.Producers.Remove(place.Value.ProducerId);
    }
}
