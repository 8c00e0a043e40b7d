using ParquetSharp;

namespace TattleTail.Archive.Parquet;

/// <summary>A repeated column of headers, one entry at a time, from before the first. Values are valid until the next step.</summary>
internal sealed class HeaderColumn(RowGroupReader group, int column) : IDisposable
{
    private readonly ColumnReader<ByteArray> _reader = (ColumnReader<ByteArray>)group.Column(column);
    private readonly ByteArray[] _values = new ByteArray[RowGroupCursor.BatchRows];
    private readonly short[] _levels = new short[RowGroupCursor.BatchRows];
    private readonly short[] _repeats = new short[RowGroupCursor.BatchRows];
    private readonly short _full = (short)(column == ArchiveColumns.HeaderKey ? 1 : 2);
    private int _count;
    private int _at = -1;
    private int _value = -1;

    /// <summary>How much of the entry is there: 0 for a row without headers.</summary>
    public short Level => _levels[_at];

    /// <summary>0 on a row's first entry.</summary>
    public short Repeat => _repeats[_at];

    public unsafe ReadOnlySpan<byte> Value => new((void*)_values[_value].Pointer, _values[_value].Length);

    public bool MoveNext()
    {
        if (++_at >= _count)
        {
            _count = _reader.HasNext ? (int)_reader.ReadBatch(RowGroupCursor.BatchRows, _levels, _repeats, _values, out _) : 0;
            _at = 0;
            _value = -1;
            if (_count == 0)
            {
                return false;
            }
        }

        if (Level == _full)
        {
            _value++;
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();
}
