using System.Buffers;
using ParquetSharp;
using ParquetSharp.IO;
using TattleTail.Archive.Delta;
using TattleTail.Archive.Parquet;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Archive;

/// <summary>Encodes one Parquet file in memory. Not for concurrent use.</summary>
public sealed class ArchiveFileWriter : IDisposable
{
    /// <summary>Bytes before compression at which a row group is cut at the latest, however well it compresses.</summary>
    private const long MaxRowGroupRawBytes = 48L * 1024 * 1024;

    private readonly ArchiveStream _stream;
    private readonly ArchiveOptions _options;
    private readonly ChunkedBuffer _content = new();
    private readonly RowGroupBuffer _rows = new();
    private readonly FileStatistics _statistics = new();
    private readonly byte[] _scratch = new byte[EventIdentityView.ScratchBytes];
    private OpenFile? _file;
    private double _ratio = 1;

    internal ArchiveFileWriter(ArchiveStream stream, ArchiveOptions options)
    {
        _stream = stream;
        _options = options;
    }

    /// <summary>Estimated bytes of the file if it were finished now.</summary>
    public long EstimatedBytes => _content.Length + (long)(_rows.Bytes * _ratio);

    /// <summary>Events so far.</summary>
    public long Events => _statistics.Events;

    /// <summary>
    /// Adds the events of a batch from <paramref name="fromOffset"/> on. All of a file's events lie in one month of recording (UTC); <see cref="ArgumentException"/> otherwise, or when they are out of order.
    /// </summary>
    public void Append(int partition, long recordedAtMicros, ReadOnlySpan<byte> batch, long fromOffset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(partition);
        EnsureMonth(recordedAtMicros);
        using var reader = new RecordBatchReader(batch, int.MaxValue);
        var type = reader.Header.TimestampType;
        while (reader.MoveNext())
        {
            var record = reader.Current;
            if (record.Offset < fromOffset)
            {
                continue;
            }

            var time = ArchiveTime.EventMicros(record.Timestamp);
            var identity = EventIdentityView.Of(record, _scratch);
            _statistics.Add(partition, record.Offset, record.Timestamp, time, recordedAtMicros, identity.EventType);
            _rows.Add(partition, record, type, recordedAtMicros, time, identity);
        }

        if (_rows.Bytes * _ratio >= _options.RowGroupBytes || _rows.Bytes >= MaxRowGroupRawBytes)
        {
            WriteRowGroup();
        }
    }

    /// <summary>Completes the file.</summary>
    public EncodedFile Finish()
    {
        if (_file is null)
        {
            throw new InvalidOperationException("a file has at least one event");
        }

        WriteRowGroup();
        _file.Close();
        var path = FilePath.Of(_stream.Channel, _file.Month, _options.Random.NextInt64(), _options.Random.NextInt64());
        var file = new ArchiveFile(
            path, _content.Length, _content.Sha256(), _stream, _file.Month, _statistics.Events, _statistics.MinRecordedAt, _statistics.MaxRecordedAt, [.. _statistics.Partitions]);
        return new EncodedFile(file, DeltaStatistics.ToJson(_statistics), _content);
    }

    /// <summary>Gives the encoder's memory back; the finished file keeps its own.</summary>
    public void Dispose()
    {
        _file?.Dispose();
        _rows.Dispose();
    }

    private void EnsureMonth(long recordedAtMicros)
    {
        if (!ArchiveTime.IsShowable(recordedAtMicros))
        {
            throw new ArgumentOutOfRangeException(nameof(recordedAtMicros), recordedAtMicros, "a time of recording lies in years 1 to 9999");
        }

        var month = ArchiveTime.MonthOf(recordedAtMicros);
        _file ??= new OpenFile(_stream, month, _content);
        if (_file.Month != month)
        {
            throw new ArgumentException($"the file holds events recorded in {_file.Month}, not in {month}", nameof(recordedAtMicros));
        }
    }

    private void WriteRowGroup()
    {
        if (_rows.Rows == 0)
        {
            return;
        }

        var raw = _rows.Bytes;
        var before = _content.Length;
        _rows.WriteTo(_file!.Writer, _file.Constants);
        _ratio = Math.Clamp((_content.Length - before) / (double)raw, 0.02, 1);
    }

    private sealed class OpenFile : IDisposable
    {
        private readonly WriterProperties _properties = ArchiveColumns.CreateProperties();
        private readonly ManagedOutputStream _output;

        public OpenFile(ArchiveStream stream, string month, Stream content)
        {
            Month = month;
            Constants = new ConstantColumns(stream, month);
            _output = new ManagedOutputStream(content, leaveOpen: true);
            using var schema = ArchiveColumns.CreateSchema();
            Writer = new ParquetFileWriter(_output, schema, _properties);
        }

        public string Month { get; }

        public ConstantColumns Constants { get; }

        public ParquetFileWriter Writer { get; }

        public void Close() => Writer.Close();

        public void Dispose()
        {
            Writer.Dispose();
            _output.Dispose();
            _properties.Dispose();
            Constants.Dispose();
        }
    }
}

/// <summary>A finished file that is not yet in the table. Holds its bytes until disposed.</summary>
public sealed class EncodedFile : IDisposable
{
    private readonly ChunkedBuffer _content;

    internal EncodedFile(ArchiveFile file, string statistics, ChunkedBuffer content)
    {
        File = file;
        Statistics = statistics;
        _content = content;
    }

    /// <summary>The file as it will be listed.</summary>
    public ArchiveFile File { get; }

    /// <summary>Its bytes.</summary>
    public ReadOnlySequence<byte> Content => _content.AsSequence();

    internal string Statistics { get; }

    /// <summary>A commit that refers to it was tried, and its outcome is not known: its object must not be removed.</summary>
    internal bool MayBeLive { get; set; }

    /// <inheritdoc />
    public void Dispose() => _content.Dispose();
}
