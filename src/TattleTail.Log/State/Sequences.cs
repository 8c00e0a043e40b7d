using TattleTail.Events.RecordBatches;

namespace TattleTail.Log.State;

/// <summary>
/// Whether a batch of an idempotent producer is the next one, a repetition, or wrong. The rules are Apache Kafka's (<c>ProducerAppendInfo</c>,
/// <c>ProducerStateEntry</c>): the last five batches are known; sequences go on at 0 after int32's largest.
/// </summary>
internal static class Sequences
{
    /// <summary>The sequence <paramref name="delta"/> after a first one.</summary>
    public static int Last(int first, int delta) => first > int.MaxValue - delta ? delta - (int.MaxValue - first) - 1 : first + delta;

    /// <summary>Judges a batch by what is remembered of its producer; a repetition gives the mark of the original.</summary>
    public static AppendStatus Judge(ProducerState? known, in RecordBatchHeader batch, out ProducedBatchMark original)
    {
        original = default;
        if (known is null)
        {
            // Forgotten or new: any sequence is where it begins.
            return AppendStatus.Appended;
        }

        if (batch.ProducerEpoch < known.Epoch)
        {
            return AppendStatus.InvalidProducerEpoch;
        }

        if (batch.ProducerEpoch > known.Epoch)
        {
            return batch.BaseSequence == 0 ? AppendStatus.Appended : AppendStatus.OutOfOrderSequence;
        }

        var last = Last(batch.BaseSequence, batch.LastOffsetDelta);
        foreach (ref readonly var mark in known.Window)
        {
            if (mark.FirstSequence == batch.BaseSequence && mark.LastSequence == last)
            {
                original = mark;
                return AppendStatus.Duplicate;
            }
        }

        return batch.BaseSequence == Last(known.Window[^1].LastSequence, 1) ? AppendStatus.Appended : AppendStatus.OutOfOrderSequence;
    }
}
