using ParquetSharp;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Parquet;

/// <summary>Decodes the columns of a row group that make up events.</summary>
internal static class RowGroupDecoder
{
    /// <summary>Values taken from a column at once: few enough that their references stay out of the large object heap.</summary>
    private const int Batch = 2048;

    /// <summary>A guess at what a header's key takes beside its value, for room ahead of time.</summary>
    private const int BytesOfHeaderKey = 20;

    public static unsafe DecodedRows Decode(RowGroupReader group)
    {
        var rows = checked((int)group.MetaData.NumRows);
        var (headers, counts) = ReadHeaders(group, rows);
        return new DecodedRows
        {
            Partition = ReadFixed<int>(group, ArchiveColumns.PartitionId, rows),
            Offset = ReadFixed<long>(group, ArchiveColumns.EventOffset, rows),
            Timestamp = ReadFixed<long>(group, ArchiveColumns.EventTimeRaw, rows),
            TimestampType = ReadTypes(group, rows),
            RecordedAt = ReadFixed<long>(group, ArchiveColumns.RecordedAt, rows),
            Key = ReadBytes(group, ArchiveColumns.EventKey, rows),
            Body = ReadBytes(group, ArchiveColumns.Body, rows),
            Headers = headers,
            HeaderCount = counts,
        };
    }

    private static T[] ReadFixed<T>(RowGroupReader group, int column, int rows)
        where T : unmanaged
    {
        var values = new T[rows];
        using var reader = (ColumnReader<T>)group.Column(column);
        var read = 0;
        while (read < rows)
        {
            reader.ReadBatch(rows - read, values.AsSpan(read), out var got);
            read = Advance(read, got, column);
        }

        return values;
    }

    private static TimestampType[] ReadTypes(RowGroupReader group, int rows)
    {
        var types = new TimestampType[rows];
        var values = new ByteArray[Math.Min(rows, Batch)];
        using var reader = (ColumnReader<ByteArray>)group.Column(ArchiveColumns.EventTimeType);
        for (var read = 0; read < rows;)
        {
            reader.ReadBatch(Math.Min(values.Length, rows - read), values, out var got);
            for (var i = 0; i < got; i++)
            {
                types[read + i] = Span(values[i]).SequenceEqual("LogAppendTime"u8) ? TimestampType.LogAppendTime : TimestampType.CreateTime;
            }

            read = Advance(read, got, ArchiveColumns.EventTimeType);
        }

        return types;
    }

    private static DecodedBytes ReadBytes(RowGroupReader group, int column, int rows)
    {
        var (_, size) = Extent(group, column);
        var result = new DecodedBytes(rows, size);
        var values = new ByteArray[Math.Min(rows, Batch)];
        var levels = new short[values.Length];
        using var reader = (ColumnReader<ByteArray>)group.Column(column);
        for (var read = 0; read < rows;)
        {
            var got = reader.ReadBatch(Math.Min(values.Length, rows - read), levels, default, values, out _);
            for (int i = 0, value = 0; i < got; i++)
            {
                if (levels[i] == 0)
                {
                    result.AddNull();
                }
                else
                {
                    result.Add(Span(values[value++]));
                }
            }

            read = Advance(read, got, column);
        }

        return result;
    }

    /// <summary>Walks keys and values side by side and lays them out as headers of a record.</summary>
    private static (DecodedBytes Headers, int[] Counts) ReadHeaders(RowGroupReader group, int rows)
    {
        var (entries, size) = Extent(group, ArchiveColumns.HeaderValue);
        var headers = new DecodedBytes(rows, size + (entries * BytesOfHeaderKey));
        var counts = new int[rows];
        using var keys = new HeaderColumn(group, ArchiveColumns.HeaderKey);
        using var values = new HeaderColumn(group, ArchiveColumns.HeaderValue);
        var row = -1;
        while (keys.MoveNext())
        {
            values.MoveNext();
            if (keys.Repeat == 0 && ++row > 0)
            {
                headers.EndRow();
            }

            if (keys.Level == 0)
            {
                continue;
            }

            counts[row]++;
            var isNull = values.Level < 2;
            var value = isNull ? default : values.Value;
            var key = keys.Value;
            headers.Advance(RecordHeaderWriter.Write(headers.Room(key.Length + value.Length + RecordHeaderWriter.MaxOverhead), key, isNull, value));
        }

        if (rows > 0)
        {
            headers.EndRow();
        }

        return row == rows - 1 ? (headers, counts) : throw new InvalidDataException($"headers of {row + 1} rows where there are {rows}");
    }

    /// <summary>Values of a column in the row group, nulls included, and their bytes before compression.</summary>
    private static (long Values, long Bytes) Extent(RowGroupReader group, int column)
    {
        using var chunk = group.MetaData.GetColumnChunkMetaData(column);
        return (chunk.NumValues, chunk.TotalUncompressedSize);
    }

    private static unsafe ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);

    private static int Advance(int read, long got, int column) => got > 0 ? read + (int)got : throw new InvalidDataException($"column {column} ends early");

    /// <summary>A repeated column, one entry at a time. Values are valid until the next step.</summary>
    private sealed class HeaderColumn(RowGroupReader group, int column) : IDisposable
    {
        private readonly ColumnReader<ByteArray> _reader = (ColumnReader<ByteArray>)group.Column(column);
        private readonly ByteArray[] _values = new ByteArray[Batch];
        private readonly short[] _levels = new short[Batch];
        private readonly short[] _repeats = new short[Batch];
        private readonly short _full = (short)(column == ArchiveColumns.HeaderKey ? 1 : 2);
        private int _count;
        private int _at = -1;
        private int _value = -1;

        public short Level => _levels[_at];

        public short Repeat => _repeats[_at];

        public ReadOnlySpan<byte> Value => Span(_values[_value]);

        public bool MoveNext()
        {
            if (++_at >= _count)
            {
                if (!_reader.HasNext)
                {
                    return false;
                }

                _count = (int)_reader.ReadBatch(Batch, _levels, _repeats, _values, out _);
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
}
