using ParquetSharp;
using ParquetSharp.IO;

namespace TattleTail.Archive.Parquet;

/// <summary>A Parquet file, opened over its footer and perhaps one more range of its bytes. Reading elsewhere is a fault of the file.</summary>
internal sealed class OpenedFile : IDisposable
{
    private readonly RangeStream _stream;
    private readonly ManagedRandomAccessFile _source;
    private readonly ReaderProperties _properties;

    public OpenedFile(ArchiveFile file, FileFooter footer, (long Start, ReadOnlyMemory<byte> Bytes)? range = null)
    {
        _stream = new RangeStream(file.Path, file.Size);
        _stream.Add(footer.Start, footer.Bytes);
        if (range is { } more)
        {
            _stream.Add(more.Start, more.Bytes);
        }

        _source = new ManagedRandomAccessFile(_stream, leaveOpen: true);
        _properties = ReaderProperties.GetDefaultReaderProperties();
        try
        {
            _properties.SetFooterReadSize(footer.Bytes.Length);
            _properties.EnablePageChecksumVerification();
            Reader = new ParquetFileReader(_source, _properties);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ParquetFileReader Reader { get; } = null!;

    public void Dispose()
    {
        Reader?.Dispose();
        _properties.Dispose();
        _source.Dispose();
        _stream.Dispose();
    }

    /// <summary>Does something with a file, and says of which file it is when its bytes make no sense.</summary>
    public static T Guard<T>(ArchiveFile file, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is ParquetException or InvalidDataException or InvalidCastException or OverflowException or IndexOutOfRangeException)
        {
            throw new ArchiveFormatException($"{file.Path} is damaged: {Plain(e.Message)}", e);
        }
    }

    /// <summary>What the native library says, on one line and without the name of its exception: ParquetSharp passes on <c>«mangled name» (message: '…')</c>.</summary>
    private static string Plain(string message)
    {
        const string opening = "(message: '";
        var from = message.IndexOf(opening, StringComparison.Ordinal);
        var to = message.LastIndexOf("')", StringComparison.Ordinal);
        var plain = from >= 0 && to > from ? message[(from + opening.Length)..to] : message;
        return plain.ReplaceLineEndings(" ");
    }
}
