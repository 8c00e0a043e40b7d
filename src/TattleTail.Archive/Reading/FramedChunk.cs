using TattleTail.Archive.Parquet;

namespace TattleTail.Archive.Reading;

/// <summary>Batches framed from some consecutive rows of a row group. They lie outside the managed heap, and are given back when nobody holds the chunk any more: the cache, or who reads.</summary>
internal sealed class FramedChunk
{
    private readonly List<NativeChunk> _memory = [];
    private int _holds = 1;

    public List<FramedBatch> Batches { get; } = [];

    public long Bytes { get; private set; }

    /// <summary>Somebody read it: it was not loaded in vain.</summary>
    public bool WasRead { get; set; }

    public void Add(int partition, ReadOnlySpan<byte> batch, long[] recordedAt, long lastOffset)
    {
        var memory = new NativeChunk(batch.Length);
        batch.CopyTo(memory.GetSpan());
        _memory.Add(memory);
        Batches.Add(new FramedBatch(partition, lastOffset, new ArchivedBatch(memory.Memory, recordedAt)));
        Bytes += batch.Length + (recordedAt.Length * sizeof(long));
    }

    /// <summary>False when it is gone already.</summary>
    public bool TryHold()
    {
        for (var holds = Volatile.Read(ref _holds); holds > 0;)
        {
            var found = Interlocked.CompareExchange(ref _holds, holds + 1, holds);
            if (found == holds)
            {
                return true;
            }

            holds = found;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) == 0)
        {
            _memory.ForEach(memory => ((IDisposable)memory).Dispose());
        }
    }
}

/// <summary>A batch of one partition in a chunk.</summary>
internal readonly record struct FramedBatch(int Partition, long LastOffset, ArchivedBatch Batch);
