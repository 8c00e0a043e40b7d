using ParquetSharp;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive.Parquet;

/// <summary>The rows of one row group, column by column, until they are encoded. Kept and used again.</summary>
internal sealed class RowGroupBuffer : IDisposable
{
    private readonly NativeArena _arena = new();
    private readonly NativeArena _constants = new();
    private readonly Column<int> _partition = new();
    private readonly Column<long> _offset = new();
    private readonly OptionalColumn<long> _time = new();
    private readonly Column<long> _rawTime = new();
    private readonly Column<ByteArray> _timeType = new();
    private readonly Column<long> _recordedAt = new();
    private readonly Column<int> _recordedDate = new();
    private readonly OptionalColumn<ByteArray>[] _identity = [new(), new(), new(), new()];
    private readonly OptionalColumn<ByteArray> _key = new();
    private readonly OptionalColumn<ByteArray> _body = new();
    private readonly Column<ByteArray> _headerKeys = new();
    private readonly Column<short> _headerKeyLevels = new();
    private readonly Column<short> _headerRepeats = new();
    private readonly Column<ByteArray> _headerValues = new();
    private readonly Column<short> _headerValueLevels = new();
    private readonly ByteArray _createTime;
    private readonly ByteArray _logAppendTime;

    public RowGroupBuffer()
    {
        _createTime = _constants.Copy("CreateTime"u8);
        _logAppendTime = _constants.Copy("LogAppendTime"u8);
    }

    public int Rows => _partition.Count;

    /// <summary>About how many bytes the rows take before compression.</summary>
    public long Bytes => _arena.Bytes + (Rows * 48L);

    public void Add(int partition, in RecordView record, TimestampType type, long recordedAtMicros, long? timeMicros, scoped in EventIdentityView identity)
    {
        _partition.Add(partition);
        _offset.Add(record.Offset);
        _time.Add(timeMicros is not null, timeMicros.GetValueOrDefault());
        _rawTime.Add(record.Timestamp);
        _timeType.Add(type == TimestampType.LogAppendTime ? _logAppendTime : _createTime);
        _recordedAt.Add(recordedAtMicros);
        _recordedDate.Add(ArchiveTime.DateOf(recordedAtMicros));
        AddBytes(_identity[0], !identity.EventId.IsEmpty, identity.EventId);
        AddBytes(_identity[1], !identity.EventType.IsEmpty, identity.EventType);
        AddBytes(_identity[2], !identity.CorrelationId.IsEmpty, identity.CorrelationId);
        AddBytes(_identity[3], !identity.CausationId.IsEmpty, identity.CausationId);
        AddBytes(_key, !record.KeyIsNull, record.Key);
        AddBytes(_body, !record.BodyIsNull, record.Body);
        AddHeaders(record);
    }

    /// <summary>Encodes the rows as the file's next row group and forgets them.</summary>
    public void WriteTo(ParquetFileWriter file, ConstantColumns constants)
    {
        using (var group = file.AppendRowGroup())
        {
            constants.WriteText(group, constants.Channel, Rows);
            constants.WriteText(group, constants.Month, Rows);
            Write(group, _recordedDate);
            constants.WriteText(group, constants.Source, Rows);
            constants.WriteText(group, constants.Address, Rows);
            constants.WriteIncarnation(group, Rows);
            Write(group, _partition);
            Write(group, _offset);
            Write(group, _time);
            Write(group, _rawTime);
            Write(group, _timeType);
            Write(group, _recordedAt);
            foreach (var column in _identity)
            {
                Write(group, column);
            }

            Write(group, _key);
            WriteHeaders(group);
            Write(group, _body);
        }

        Reset();
    }

    public void Dispose()
    {
        _arena.Dispose();
        _constants.Dispose();
        _partition.Dispose();
        _offset.Dispose();
        _time.Dispose();
        _rawTime.Dispose();
        _timeType.Dispose();
        _recordedAt.Dispose();
        _recordedDate.Dispose();
        Array.ForEach(_identity, column => column.Dispose());
        _key.Dispose();
        _body.Dispose();
        _headerKeys.Dispose();
        _headerKeyLevels.Dispose();
        _headerRepeats.Dispose();
        _headerValues.Dispose();
        _headerValueLevels.Dispose();
    }

    private void AddBytes(OptionalColumn<ByteArray> column, bool has, ReadOnlySpan<byte> value) => column.Add(has, has ? _arena.Copy(value) : default);

    private void AddHeaders(in RecordView record)
    {
        if (record.HeaderCount == 0)
        {
            _headerRepeats.Add(0);
            _headerKeyLevels.Add(0);
            _headerValueLevels.Add(0);
            return;
        }

        var headers = new RecordHeaderReader(record);
        for (short repeat = 0; headers.MoveNext(); repeat = 1)
        {
            _headerRepeats.Add(repeat);
            _headerKeyLevels.Add(1);
            _headerKeys.Add(_arena.Copy(headers.Key));
            _headerValueLevels.Add((short)(headers.ValueIsNull ? 1 : 2));
            if (!headers.ValueIsNull)
            {
                _headerValues.Add(_arena.Copy(headers.Value));
            }
        }
    }

    private static void Write<T>(RowGroupWriter group, Column<T> column)
        where T : unmanaged
    {
        using var writer = (ColumnWriter<T>)group.NextColumn();
        writer.WriteBatch(column.Values);
    }

    private static void Write<T>(RowGroupWriter group, OptionalColumn<T> column)
        where T : unmanaged
    {
        using var writer = (ColumnWriter<T>)group.NextColumn();
        writer.WriteBatch(column.Levels.Length, column.Levels, default, column.Values);
    }

    private void WriteHeaders(RowGroupWriter group)
    {
        using (var keys = (ColumnWriter<ByteArray>)group.NextColumn())
        {
            keys.WriteBatch(_headerRepeats.Count, _headerKeyLevels.Values, _headerRepeats.Values, _headerKeys.Values);
        }

        using var values = (ColumnWriter<ByteArray>)group.NextColumn();
        values.WriteBatch(_headerRepeats.Count, _headerValueLevels.Values, _headerRepeats.Values, _headerValues.Values);
    }

    private void Reset()
    {
        _arena.Reset();
        _partition.Clear();
        _offset.Clear();
        _time.Clear();
        _rawTime.Clear();
        _timeType.Clear();
        _recordedAt.Clear();
        _recordedDate.Clear();
        Array.ForEach(_identity, column => column.Clear());
        _key.Clear();
        _body.Clear();
        _headerKeys.Clear();
        _headerKeyLevels.Clear();
        _headerRepeats.Clear();
        _headerValues.Clear();
        _headerValueLevels.Clear();
    }
}
