namespace TattleTail.Archive.Parquet;

/// <summary>Values of a column that is never null.</summary>
internal sealed class Column<T>
    where T : unmanaged
{
    private T[] _values = new T[1024];

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);

    public void Add(T value)
    {
        if (Count == _values.Length)
        {
            Array.Resize(ref _values, Count * 2);
        }

        _values[Count++] = value;
    }

    public void Clear() => Count = 0;
}

/// <summary>Values of a column that may be null: a definition level for each row, values for those that have one.</summary>
internal sealed class OptionalColumn<T>
    where T : unmanaged
{
    private readonly Column<T> _values = new();
    private readonly Column<short> _levels = new();

    public ReadOnlySpan<T> Values => _values.Values;

    public ReadOnlySpan<short> Levels => _levels.Values;

    public void Add(bool has, T value)
    {
        _levels.Add((short)(has ? 1 : 0));
        if (has)
        {
            _values.Add(value);
        }
    }

    public void Clear()
    {
        _values.Clear();
        _levels.Clear();
    }
}
