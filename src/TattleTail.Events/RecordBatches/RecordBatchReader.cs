namespace TattleTail.Events.RecordBatches;

/// <summary>
/// Walks the records of one batch without an object per record. Decompresses into a pooled buffer that <see cref="Dispose"/> gives back; the
/// views point into the batch or that buffer and are valid until then. Throws <see cref="InvalidDataException"/> on a malformed batch.
/// </summary>
public ref struct RecordBatchReader
{
    /// <summary>Opens a batch that was checked when it was recorded.</summary>
    public RecordBatchReader(ReadOnlySpan<byte> batch, int maxDecompressedBytes = 64 * 1024 * 1024) => throw new NotImplementedException();

    /// <summary>The batch's header.</summary>
    public readonly RecordBatchHeader Header => throw new NotImplementedException();

    /// <summary>The record that <see cref="MoveNext"/> found.</summary>
    public readonly RecordView Current => throw new NotImplementedException();

    /// <summary>Steps to the next record.</summary>
    public bool MoveNext() => throw new NotImplementedException();

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => throw new NotImplementedException();
}

/// <summary>One record inside a batch.</summary>
public readonly ref struct RecordView
{
    /// <summary>The record's offset.</summary>
    public long Offset { get; init; }

    /// <summary>The record's timestamp (the batch's max timestamp under LogAppendTime).</summary>
    public long Timestamp { get; init; }

    /// <summary>True when the key is null; <see cref="Key"/> is empty then.</summary>
    public bool KeyIsNull { get; init; }

    /// <summary>The key.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>True when the body is null; <see cref="Body"/> is empty then.</summary>
    public bool BodyIsNull { get; init; }

    /// <summary>The body.</summary>
    public ReadOnlySpan<byte> Body { get; init; }

    /// <summary>Number of headers.</summary>
    public int HeaderCount { get; init; }

    /// <summary>The headers as they stand in the record, after their count: walk them with <see cref="RecordHeaderReader"/>.</summary>
    public ReadOnlySpan<byte> HeaderBytes { get; init; }

    /// <summary>The record as an object that owns its bytes.</summary>
    public Event ToEvent() => throw new NotImplementedException();
}

/// <summary>Walks the headers of a record.</summary>
public ref struct RecordHeaderReader
{
    /// <summary>Starts before the first header.</summary>
    public RecordHeaderReader(in RecordView record) => throw new NotImplementedException();

    /// <summary>The header's key, UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Key => throw new NotImplementedException();

    /// <summary>True when the value is null.</summary>
    public readonly bool ValueIsNull => throw new NotImplementedException();

    /// <summary>The header's value.</summary>
    public readonly ReadOnlySpan<byte> Value => throw new NotImplementedException();

    /// <summary>Steps to the next header.</summary>
    public bool MoveNext() => throw new NotImplementedException();
}
