using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>
/// What the node knows of one partition after every entry queued so far, durable or not. Changed only by <see cref="NodeState"/>, under the log's lock.
/// </summary>
internal sealed class PartitionState(ChannelState channel, int index)
{
    /// <summary>Epoch starts kept for a partition; older ones are forgotten, oldest first.</summary>
    public const int MaxEpochs = 256;

    /// <summary>Recorded gaps kept for a partition; the ledger channel keeps all.</summary>
    public const int MaxGaps = 1_024;

    public ChannelState Channel { get; } = channel;

    public int Index { get; } = index;

    public StreamPartition Key => new(Channel.Stream, Index);

    /// <summary>The offset that the next event gets.</summary>
    public long NextOffset { get; set; }

    /// <summary>The offset before which everything is in the archive.</summary>
    public long SealedThrough { get; set; }

    /// <summary>The first offset served.</summary>
    public long LogStart { get; set; }

    /// <summary>Events ever appended, and bytes of their batches.</summary>
    public long Events { get; set; }

    public long Bytes { get; set; }

    /// <summary>Of those, what lies below <see cref="SealedThrough"/>.</summary>
    public long SealedEvents { get; set; }

    public long SealedBytes { get; set; }

    /// <summary>No unsealed event was recorded before this (µs); -1 when all are sealed.</summary>
    public long OldestUnsealed { get; set; } = -1;

    /// <summary>When the first and the last batch were recorded (µs); -1 when there was none.</summary>
    public long FirstRecordedAt { get; set; } = -1;

    public long LastRecordedAt { get; set; } = -1;

    /// <summary>Base timestamp of the first batch and max timestamp of the last, as sent (ms); meaningless while <see cref="Events"/> is 0.</summary>
    public long FirstTimestamp { get; set; }

    public long LastTimestamp { get; set; }

    /// <summary>Where each leader epoch that appended began, in order.</summary>
    public List<EpochStart> Epochs { get; } = [];

    /// <summary>Offsets that will never hold an event although this node assigned past them, in order.</summary>
    public List<OffsetGap> Gaps { get; } = [];

    /// <summary>The idempotent producers seen, by id. Never enumerated: <see cref="ProducerTable"/> has the order.</summary>
    public Dictionary<long, ProducerState> Producers { get; } = [];

    /// <summary>The epoch under which an offset was appended; -1 when that is not known any more.</summary>
    public int EpochAt(long offset)
    {
        for (var i = Epochs.Count - 1; i >= 0; i--)
        {
            if (Epochs[i].StartOffset <= offset)
            {
                return Epochs[i].Epoch;
            }
        }

        return -1;
    }
}

/// <summary>The first offset that a leader epoch appended.</summary>
internal readonly record struct EpochStart(int Epoch, long StartOffset);

/// <summary>Offsets from <paramref name="From"/> to before <paramref name="To"/> that hold nothing.</summary>
internal readonly record struct OffsetGap(long From, long To);
