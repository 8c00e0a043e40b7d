namespace TattleTail.Events.RecordBatches;

/// <summary>
/// Walks the records of one batch without an object per record. Decompresses into a pooled buffer that <see cref="Dispose"/> gives back; the
/// views point into the batch or that buffer and are valid until then. Throws <see cref="InvalidDataException"/> on a malformed batch and on one that decompresses to more than the limit.
/// </summary>
public ref struct RecordBatchReader
{
    private readonly RecordBatchHeader _header;
    private readonly ReadOnlySpan<byte> _records;
    private DecompressedRecords? _decompressed;
    private RecordView _current;
    private int _position;
    private int _left;

    /// <summary>Opens a batch that was checked when it was recorded.</summary>
    public RecordBatchReader(ReadOnlySpan<byte> batch, int maxDecompressedBytes = 64 * 1024 * 1024)
    {
        if (!RecordBatchHeader.TryRead(batch, out _header) || _header.TotalSize < RecordBatchHeader.Size || _header.TotalSize > batch.Length || _header.Count < 0)
        {
            throw new InvalidDataException("a record batch is shorter than it says");
        }

        _records = batch[RecordBatchHeader.Size.._header.TotalSize];
        _left = _header.Count;
        if (_header.Compression != BatchCompression.None)
        {
            _decompressed = Decompress(_header.Compression, _records, maxDecompressedBytes);
            _records = _decompressed.Bytes;
        }
    }

    /// <summary>The batch's header.</summary>
    public readonly RecordBatchHeader Header => _header;

    /// <summary>The record that <see cref="MoveNext"/> found.</summary>
    public readonly RecordView Current => _current;

    /// <summary>Steps to the next record.</summary>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        return RecordParser.TryRead(_records, ref _position, _header, out _current, out _, out var fault) ? true : throw new InvalidDataException(fault);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        _decompressed?.Dispose();
        _decompressed = null;
    }

    private static DecompressedRecords Decompress(BatchCompression compression, ReadOnlySpan<byte> records, int limit)
    {
        try
        {
            return DecompressedRecords.Of(compression, records, limit);
        }
        catch (DecompressedTooLargeException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }
}
