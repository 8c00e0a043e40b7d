using TattleTail.Events;

namespace TattleTail.Archive.Parquet;

/// <summary>The rows of one row group, decoded, as the record batch builder takes them. Immutable once made.</summary>
internal sealed class DecodedRows
{
    public required int[] Partition { get; init; }

    public required long[] Offset { get; init; }

    public required long[] Timestamp { get; init; }

    public required TimestampType[] TimestampType { get; init; }

    public required long[] RecordedAt { get; init; }

    public required DecodedBytes Key { get; init; }

    public required DecodedBytes Body { get; init; }

    /// <summary>The headers of each row as they stand in a record, after their count.</summary>
    public required DecodedBytes Headers { get; init; }

    public required int[] HeaderCount { get; init; }

    public int Count => Partition.Length;

    public long MemoryBytes => (Count * 72L) + Key.MemoryBytes + Body.MemoryBytes + Headers.MemoryBytes;

    /// <summary>Index of the partition's first row at or after an offset; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(int partition, long offset)
    {
        var low = 0;
        var high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Partition[middle] < partition || (Partition[middle] == partition && Offset[middle] < offset))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}

/// <summary>Byte strings of a column one behind the other, some null.</summary>
/// <param name="rows">How many there will be.</param>
/// <param name="bytes">How many bytes they have together, about: more is room wasted, less is copying.</param>
internal sealed class DecodedBytes(int rows, long bytes)
{
    /// <summary>What a damaged file's metadata may make us take at once.</summary>
    private const long MaxFirstBytes = 64 * 1024 * 1024;

    private readonly int[] _starts = new int[rows + 1];
    private readonly bool[] _nulls = new bool[rows];
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>((int)Math.Clamp(bytes, 64, MaxFirstBytes));
    private int _row;
    private int _length;

    public long MemoryBytes => _bytes.Length + (rows * 5L);

    public bool IsNull(int row) => _nulls[row];

    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    public void AddNull()
    {
        _nulls[_row] = true;
        EndRow();
    }

    public void Add(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Room(value.Length));
        _length += value.Length;
        EndRow();
    }

    /// <summary>Room to append a part of the present row; tell with <see cref="Advance"/> how much was used.</summary>
    public Span<byte> Room(int size)
    {
        if (_bytes.Length - _length < size)
        {
            var larger = GC.AllocateUninitializedArray<byte>(checked((int)Math.Max(Math.Min(Array.MaxLength, 2L * _bytes.Length), (long)_length + size)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }

    public void Advance(int used) => _length += used;

    public void EndRow() => _starts[++_row] = _length;
}
