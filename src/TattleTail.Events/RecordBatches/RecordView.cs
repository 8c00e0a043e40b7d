using System.Text;

namespace TattleTail.Events.RecordBatches;

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
    public Event ToEvent()
    {
        var headers = HeaderCount == 0 ? [] : new EventHeader[HeaderCount];
        var reader = new RecordHeaderReader(this);
        for (var i = 0; reader.MoveNext(); i++)
        {
            headers[i] = new EventHeader(Encoding.UTF8.GetString(reader.Key), Owned(reader.ValueIsNull, reader.Value));
        }

        return new Event(Timestamp, Owned(KeyIsNull, Key), headers, Owned(BodyIsNull, Body));
    }

    // A conditional of null and an array would make an empty memory of the null: null is not empty.
    private static ReadOnlyMemory<byte>? Owned(bool isNull, ReadOnlySpan<byte> bytes) => isNull ? default(ReadOnlyMemory<byte>?) : bytes.ToArray();
}

/// <summary>Walks the headers of a record. Throws <see cref="InvalidDataException"/> where they are malformed.</summary>
public ref struct RecordHeaderReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _left;
    private int _position;

    /// <summary>Starts before the first header.</summary>
    public RecordHeaderReader(scoped in RecordView record)
        : this(record.HeaderCount, record.HeaderBytes)
    {
    }

    internal RecordHeaderReader(int count, ReadOnlySpan<byte> bytes)
    {
        _left = count;
        _bytes = bytes;
    }

    /// <summary>The header's key, UTF-8.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    /// <summary>True when the value is null.</summary>
    public bool ValueIsNull { get; private set; }

    /// <summary>The header's value.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    internal readonly int Position => _position;

    /// <summary>Steps to the next header.</summary>
    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        return TryMoveNext() ? true : throw new InvalidDataException("a record's headers are malformed");
    }

    internal bool TryMoveNext()
    {
        _left--;
        if (!VarInt.TryReadInt32(_bytes, ref _position, out var keyLength) || keyLength < 0 || keyLength > _bytes.Length - _position)
        {
            return false;
        }

        Key = _bytes.Slice(_position, keyLength);
        _position += keyLength;
        if (!VarInt.TryReadInt32(_bytes, ref _position, out var length) || length < -1 || length > _bytes.Length - _position)
        {
            return false;
        }

        ValueIsNull = length < 0;
        Value = ValueIsNull ? default : _bytes.Slice(_position, length);
        _position += Value.Length;
        return true;
    }
}
