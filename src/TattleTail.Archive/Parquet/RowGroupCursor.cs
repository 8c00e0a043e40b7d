using ParquetSharp;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Platform;

namespace TattleTail.Archive.Parquet;

/// <summary>Decodes the columns of a row group that make up events, some rows at a time, forwards. Not for concurrent use; one that failed is of no use any more.</summary>
internal sealed class RowGroupCursor : IDisposable
{
    /// <summary>Values taken from a column at once: some tens of microseconds of work, after which others may run.</summary>
    public const int BatchRows = 512;

    private readonly ArchiveFile _file;
    private readonly OpenedFile _opened;
    private readonly RowGroupReader _group;
    private readonly int _rows;
    private readonly ColumnReader<int> _partition;
    private readonly ColumnReader<long> _offset;
    private readonly ColumnReader<long> _timestamp;
    private readonly ColumnReader<ByteArray> _timestampType;
    private readonly ColumnReader<long> _recordedAt;
    private readonly ColumnReader<ByteArray> _key;
    private readonly ColumnReader<ByteArray> _body;
    private readonly HeaderColumn _headerKeys;
    private readonly HeaderColumn _headerValues;
    private readonly ByteArray[] _values = new ByteArray[BatchRows];
    private readonly short[] _levels = new short[BatchRows];
    private bool _hasHeader;

    private RowGroupCursor(ArchiveFile file, FileFooter footer, int group, ReadOnlyMemory<byte> bytes)
    {
        _file = file;
        _opened = new OpenedFile(file, footer, (footer.RowGroups[group].Start, bytes));
        _group = _opened.Reader.RowGroup(group);
        _rows = footer.RowGroups[group].Rows;
        _partition = Column<int>(ArchiveColumns.PartitionId);
        _offset = Column<long>(ArchiveColumns.EventOffset);
        _timestamp = Column<long>(ArchiveColumns.EventTimeRaw);
        _timestampType = Column<ByteArray>(ArchiveColumns.EventTimeType);
        _recordedAt = Column<long>(ArchiveColumns.RecordedAt);
        _key = Column<ByteArray>(ArchiveColumns.EventKey);
        _body = Column<ByteArray>(ArchiveColumns.Body);
        _headerKeys = new HeaderColumn(_group, ArchiveColumns.HeaderKey);
        _headerValues = new HeaderColumn(_group, ArchiveColumns.HeaderValue);
        NextHeader();
    }

    /// <summary>The row that is read next.</summary>
    public int Row { get; private set; }

    /// <summary>Stands before the first row of a row group, whose bytes are given.</summary>
    public static RowGroupCursor Open(ArchiveFile file, FileFooter footer, int group, ReadOnlyMemory<byte> bytes) =>
        OpenedFile.Guard(file, () => new RowGroupCursor(file, footer, group, bytes));

    /// <summary>The partition and offset of every row of a row group, whose bytes are given.</summary>
    public static RowGroupIndex Index(ArchiveFile file, FileFooter footer, int group, ReadOnlyMemory<byte> bytes) => OpenedFile.Guard(file, () =>
    {
        var rows = footer.RowGroups[group].Rows;
        using var opened = new OpenedFile(file, footer, (footer.RowGroups[group].Start, bytes));
        using var reader = opened.Reader.RowGroup(group);
        using var partition = (ColumnReader<int>)reader.Column(ArchiveColumns.PartitionId);
        using var offset = (ColumnReader<long>)reader.Column(ArchiveColumns.EventOffset);
        var (partitions, offsets) = (new int[rows], new long[rows]);
        ReadFixed(partition, partitions);
        ReadFixed(offset, offsets);
        return new RowGroupIndex(partitions, offsets);
    });

    /// <summary>Goes forward to a row.</summary>
    public void SkipTo(int row) => OpenedFile.Guard(_file, () =>
    {
        var rows = row - Row;
        foreach (var column in (ColumnReader[])[_partition, _offset, _timestamp, _timestampType, _recordedAt, _key, _body])
        {
            if (rows > 0 && column.Skip(rows) != rows)
            {
                throw new InvalidDataException($"column {column.ColumnIndex} ends early");
            }
        }

        for (var skipped = 0; skipped < rows; skipped++)
        {
            SkipHeaders();
            GiveWay(skipped);
        }

        return Row = row;
    });

    /// <summary>Decodes the next rows.</summary>
    public void Read(DecodedRows rows, int count) => OpenedFile.Guard(_file, () =>
    {
        rows.Start(count);
        ReadFixed(_partition, rows.Partition.AsSpan(0, count));
        ReadFixed(_offset, rows.Offset.AsSpan(0, count));
        ReadFixed(_timestamp, rows.Timestamp.AsSpan(0, count));
        ReadTypes(rows.TimestampType.AsSpan(0, count));
        ReadFixed(_recordedAt, rows.RecordedAt.AsSpan(0, count));
        ReadBytes(_key, rows.Key, count);
        ReadBytes(_body, rows.Body, count);
        for (var row = 0; row < count; row++)
        {
            rows.HeaderCount[row] = ReadHeaders(rows.Headers);
            GiveWay(row);
        }

        Row += count;
        return Row < _rows || !_hasHeader ? Row : throw new InvalidDataException("its headers go on after its rows");
    });

    public void Dispose()
    {
        foreach (var part in (IDisposable[])[_partition, _offset, _timestamp, _timestampType, _recordedAt, _key, _body, _headerKeys, _headerValues, _group, _opened])
        {
            part.Dispose();
        }
    }

    private static void ReadFixed<T>(ColumnReader<T> reader, Span<T> values)
        where T : unmanaged
    {
        while (!values.IsEmpty)
        {
            reader.ReadBatch(Math.Min(BatchRows, values.Length), values, out var got);
            values = values[Checked(got, reader)..];
        }
    }

    private ColumnReader<T> Column<T>(int column)
        where T : unmanaged => (ColumnReader<T>)_group.Column(column);

    private void ReadTypes(Span<TimestampType> types)
    {
        while (!types.IsEmpty)
        {
            _timestampType.ReadBatch(Math.Min(BatchRows, types.Length), _values, out var got);
            for (var i = 0; i < got; i++)
            {
                types[i] = Span(_values[i]).SequenceEqual("LogAppendTime"u8) ? TimestampType.LogAppendTime : TimestampType.CreateTime;
            }

            types = types[Checked(got, _timestampType)..];
        }
    }

    private void ReadBytes(ColumnReader<ByteArray> reader, DecodedBytes into, int rows)
    {
        while (rows > 0)
        {
            var got = reader.ReadBatch(Math.Min(BatchRows, rows), _levels, default, _values, out _);
            for (int i = 0, value = 0; i < got; i++)
            {
                if (_levels[i] == 0)
                {
                    into.AddNull();
                }
                else
                {
                    into.Add(Span(_values[value++]));
                }
            }

            rows -= Checked(got, reader);
        }
    }

    /// <summary>Walks keys and values of one row side by side and lays them out as headers of a record; returns their number.</summary>
    private int ReadHeaders(DecodedBytes into)
    {
        RequireHeader();
        var count = 0;
        do
        {
            if (_headerKeys.Level == 0)
            {
                continue;
            }

            count++;
            var isNull = _headerValues.Level < 2;
            var value = isNull ? default : _headerValues.Value;
            var key = _headerKeys.Value;
            into.Advance(RecordHeaderWriter.Write(into.Room(key.Length + value.Length + RecordHeaderWriter.MaxOverhead), key, isNull, value));
        }
        while (NextHeader() && _headerKeys.Repeat != 0);

        into.EndRow();
        return count;
    }

    private void SkipHeaders()
    {
        RequireHeader();
        while (NextHeader() && _headerKeys.Repeat != 0)
        {
        }
    }

    private bool NextHeader() => _hasHeader = _headerKeys.MoveNext() && _headerValues.MoveNext();

    private void RequireHeader()
    {
        if (!_hasHeader)
        {
            throw new InvalidDataException("its headers end before its rows");
        }
    }

    private static unsafe ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);

    private static int Checked(long got, ColumnReader reader)
    {
        Background.GiveWay();
        return got > 0 ? (int)got : throw new InvalidDataException($"column {reader.ColumnIndex} ends early");
    }

    private static void GiveWay(int row)
    {
        if (row % 128 == 0)
        {
            Background.GiveWay();
        }
    }
}
