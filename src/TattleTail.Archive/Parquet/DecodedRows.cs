using TattleTail.Events;

namespace TattleTail.Archive.Parquet;

/// <summary>Rows of a row group, decoded, as the record batch builder takes them. Kept and filled again; only the first <see cref="Count"/> of each array are rows.</summary>
internal sealed class DecodedRows
{
    public int Count { get; private set; }

    public int[] Partition { get; private set; } = [];

    public long[] Offset { get; private set; } = [];

    public long[] Timestamp { get; private set; } = [];

    public TimestampType[] TimestampType { get; private set; } = [];

    public long[] RecordedAt { get; private set; } = [];

    public DecodedBytes Key { get; } = new();

    public DecodedBytes Body { get; } = new();

    /// <summary>The headers of each row as they stand in a record, after their count.</summary>
    public DecodedBytes Headers { get; } = new();

    public int[] HeaderCount { get; private set; } = [];

    public long MemoryBytes => (Partition.Length * 36L) + Key.MemoryBytes + Body.MemoryBytes + Headers.MemoryBytes;

    /// <summary>Forgets all rows and makes room for others.</summary>
    public void Start(int rows)
    {
        Count = rows;
        Key.Start(rows);
        Body.Start(rows);
        Headers.Start(rows);
        if (Partition.Length < rows)
        {
            Partition = new int[rows];
            Offset = new long[rows];
            Timestamp = new long[rows];
            TimestampType = new TimestampType[rows];
            RecordedAt = new long[rows];
            HeaderCount = new int[rows];
        }
    }
}

/// <summary>Byte strings of a column one behind the other, some null. Kept and filled again.</summary>
internal sealed class DecodedBytes
{
    private int[] _starts = new int[1];
    private bool[] _nulls = [];
    private byte[] _bytes = [];
    private int _row;
    private int _length;

    public long MemoryBytes => _bytes.Length + (_nulls.Length * 5L);

    public bool IsNull(int row) => _nulls[row];

    public ReadOnlySpan<byte> this[int row] => _bytes.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    public void Start(int rows)
    {
        (_row, _length) = (0, 0);
        if (_nulls.Length < rows)
        {
            _starts = new int[rows + 1];
            _nulls = new bool[rows];
        }
    }

    public void AddNull()
    {
        EndRow();
        _nulls[_row - 1] = true;
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

    public void EndRow()
    {
        _nulls[_row] = false;
        _starts[++_row] = _length;
    }
}
