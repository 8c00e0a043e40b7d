using TattleTail.Archive.Parquet;

namespace TattleTail.Archive.Reading;

/// <summary>Memory in which chunks are decoded and framed, used again by the next. Safe for concurrent use.</summary>
internal sealed class FramingRoom
{
    /// <summary>Memory of one that is kept: what unusually large events needed is given back.</summary>
    private const long MostKept = 8 * 1024 * 1024;

    private readonly Stack<(DecodedRows Rows, BatchFramer Framer)> _free = new();

    /// <summary>Frames the rows of a turn.</summary>
    public FramedChunk Frame(LoadedRowGroup.Turn turn, int count)
    {
        var (rows, framer) = Take();
        turn.Read(rows, count);
        var chunk = framer.Frame(rows);
        if (rows.MemoryBytes <= MostKept)
        {
            lock (_free)
            {
                _free.Push((rows, framer));
            }
        }

        return chunk;
    }

    private (DecodedRows Rows, BatchFramer Framer) Take()
    {
        lock (_free)
        {
            return _free.TryPop(out var free) ? free : (new DecodedRows(), new BatchFramer());
        }
    }
}
