namespace TattleTail.Log.State;

/// <summary>What is remembered of one idempotent producer in one partition: its epoch and its last batches.</summary>
internal sealed class ProducerState(PartitionState partition, long producerId)
{
    /// <summary>Batches remembered, as many as a client may have in flight (Kafka's <c>ProducerStateEntry.NUM_BATCHES_TO_RETAIN</c>).</summary>
    public const int WindowBatches = 5;

    private readonly ProducedBatchMark[] _window = new ProducedBatchMark[WindowBatches];

    public PartitionState Partition { get; } = partition;

    public long ProducerId { get; } = producerId;

    public short Epoch { get; private set; } = -1;

    /// <summary>When it appended last (µs).</summary>
    public long LastRecordedAt { get; set; }

    /// <summary>Its place in the order of last use.</summary>
    public LinkedListNode<ProducerState>? Place { get; set; }

    /// <summary>The batches remembered, oldest first.</summary>
    public ReadOnlySpan<ProducedBatchMark> Window => _window.AsSpan(0, Count);

    public int Count { get; private set; }

    /// <summary>Remembers a batch; a new epoch forgets the batches of the one before.</summary>
    public void Remember(short epoch, ProducedBatchMark mark)
    {
        if (epoch != Epoch)
        {
            Epoch = epoch;
            Count = 0;
        }

        if (Count == WindowBatches)
        {
            Array.Copy(_window, 1, _window, 0, WindowBatches - 1);
            Count--;
        }

        _window[Count++] = mark;
    }
}

/// <summary>A batch of an idempotent producer.</summary>
/// <param name="FirstSequence">Sequence of its first record.</param>
/// <param name="LastSequence">Sequence of its last record; below the first when it wrapped.</param>
/// <param name="BaseOffset">The offset that it got.</param>
/// <param name="LogAppendTime">Its timestamp under LogAppendTime (ms); -1 otherwise.</param>
internal readonly record struct ProducedBatchMark(int FirstSequence, int LastSequence, long BaseOffset, long LogAppendTime);
