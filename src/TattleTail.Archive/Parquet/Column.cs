using System.Runtime.InteropServices;

namespace TattleTail.Archive.Parquet;

/// <summary>
/// Values of a column that is never null. They lie outside the managed heap, as the bytes that they point to do: arrays of this size that come and go with each file make the heap grow.
/// </summary>
internal sealed unsafe class Column<T> : IDisposable
    where T : unmanaged
{
    private T* _values;
    private int _room;

    public int Count { get; private set; }

    public ReadOnlySpan<T> Values => new(_values, Count);

    public void Add(T value)
    {
        if (Count == _room)
        {
            Grow();
        }

        _values[Count++] = value;
    }

    public void Clear() => Count = 0;

    public void Dispose()
    {
        NativeMemory.Free(_values);
        _values = null;
        _room = 0;
        Count = 0;
    }

    private void Grow()
    {
        var room = checked(Math.Max(1024, _room * 2));
        _values = (T*)NativeMemory.Realloc(_values, (nuint)room * (nuint)sizeof(T));
        _room = room;
    }
}

/// <summary>Values of a column that may be null: a definition level for each row, values for those that have one.</summary>
internal sealed class OptionalColumn<T> : IDisposable
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

    public void Dispose()
    {
        _values.Dispose();
        _levels.Dispose();
    }
}
