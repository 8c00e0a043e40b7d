using System.Buffers.Binary;
using System.Text;

namespace TattleTail.Events.RecordBatches;

/// <summary>
/// Makes one uncompressed batch record by record, in a buffer that grows and is kept for the next batch. Offsets may have holes; timestamps may be any int64
/// whose differences from the first fit (a delta that would overflow is refused by <c>TryAdd</c>: start another batch).
/// </summary>
public sealed class RecordBatchBuilder
{
    /// <summary>Bytes that a record takes at most beyond its key, its body and its encoded headers.</summary>
    public const int MaxRecordOverhead = 1 + VarInt.MaxInt64Bytes + (5 * VarInt.MaxInt32Bytes);

    // Half a surrogate pair must not become another text without a word.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] _buffer = new byte[4096];
    private byte[] _headers = [];
    private long _baseOffset;
    private long _lastOffset;
    private int _leaderEpoch;
    private TimestampType _timestampType;
    private long _baseTimestamp;
    private long _maxTimestamp;

    /// <summary>Number of records so far.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the batch so far, header included.</summary>
    public int Size { get; private set; } = RecordBatchHeader.Size;

    /// <summary>Forgets all records and starts a batch whose first record has that offset.</summary>
    public void Start(long baseOffset, int leaderEpoch, TimestampType timestampType = TimestampType.CreateTime)
    {
        Count = 0;
        Size = RecordBatchHeader.Size;
        _baseOffset = baseOffset;
        _lastOffset = baseOffset - 1;
        _leaderEpoch = leaderEpoch;
        _timestampType = timestampType;
    }

    /// <summary>
    /// Adds a record. <paramref name="headerBytes"/> is what stands in a record after the header count, as in <see cref="RecordView.HeaderBytes"/>.
    /// False, with nothing added, when the offset's or the timestamp's delta does not fit, or under LogAppendTime when the timestamp differs from the batch's: start another batch.
    /// </summary>
    public bool TryAdd(
        long offset, long timestamp, bool keyIsNull, ReadOnlySpan<byte> key, bool bodyIsNull, ReadOnlySpan<byte> body, int headerCount, ReadOnlySpan<byte> headerBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(offset, _lastOffset);
        var offsetDelta = offset - _baseOffset;
        if (!TryTimestampDelta(timestamp, out var timestampDelta) || offsetDelta > int.MaxValue - 1)
        {
            return false;
        }

        var length = 1L + VarInt.Size(timestampDelta) + VarInt.Size((int)offsetDelta) + VarInt.Size(keyIsNull ? -1 : key.Length) + key.Length
            + VarInt.Size(bodyIsNull ? -1 : body.Length) + body.Length + VarInt.Size(headerCount) + headerBytes.Length;
        if (Size + length + VarInt.MaxInt32Bytes > Array.MaxLength)
        {
            return false;
        }

        Reserve((int)length + VarInt.MaxInt32Bytes);
        Put((int)length);
        _buffer[Size++] = 0;
        Size += VarInt.Write(_buffer.AsSpan(Size), timestampDelta);
        Put((int)offsetDelta);
        PutBytes(keyIsNull, key);
        PutBytes(bodyIsNull, body);
        Put(headerCount);
        headerBytes.CopyTo(_buffer.AsSpan(Size));
        Size += headerBytes.Length;
        _maxTimestamp = Count == 0 ? timestamp : Math.Max(_maxTimestamp, timestamp);
        _lastOffset = offset;
        Count++;
        return true;
    }

    /// <summary>Adds an event object. Throws <see cref="ArgumentException"/> when a header's key is no Unicode text.</summary>
    public bool TryAdd(long offset, Event @event) =>
        TryAdd(
            offset, @event.Timestamp, @event.Key is null, @event.Key.GetValueOrDefault().Span, @event.Body is null, @event.Body.GetValueOrDefault().Span,
            @event.Headers.Count, EncodeHeaders(@event.Headers));

    /// <summary>
    /// Completes header and CRC. The memory is valid until the next <see cref="Start(long, int, TimestampType)"/>. <paramref name="lastOffset"/> may lie above the last record's offset to
    /// cover a trailing hole; <see cref="ArgumentOutOfRangeException"/> when it lies below, or beyond what the format can say.
    /// </summary>
    public ReadOnlyMemory<byte> Finish(long? lastOffset = null)
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("a batch has at least one record");
        }

        var last = lastOffset ?? _lastOffset;
        ArgumentOutOfRangeException.ThrowIfLessThan(last, _lastOffset, nameof(lastOffset));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(last - _baseOffset, int.MaxValue, nameof(lastOffset));
        var header = _buffer.AsSpan(0, Size);
        BinaryPrimitives.WriteInt64BigEndian(header, _baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], Size - 12);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], _leaderEpoch);
        header[16] = 2;
        BinaryPrimitives.WriteInt16BigEndian(header[21..], (short)((int)_timestampType << 3));
        BinaryPrimitives.WriteInt32BigEndian(header[23..], (int)(last - _baseOffset));
        BinaryPrimitives.WriteInt64BigEndian(header[27..], _baseTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[35..], _maxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(header[43..], -1);
        BinaryPrimitives.WriteInt16BigEndian(header[51..], -1);
        BinaryPrimitives.WriteInt32BigEndian(header[53..], -1);
        BinaryPrimitives.WriteInt32BigEndian(header[57..], Count);
        BinaryPrimitives.WriteUInt32BigEndian(header[17..], Crc32C.Of(header[21..]));
        return _buffer.AsMemory(0, Size);
    }

    private bool TryTimestampDelta(long timestamp, out long delta)
    {
        if (Count == 0)
        {
            _baseTimestamp = timestamp;
        }

        delta = unchecked(timestamp - _baseTimestamp);
        var overflows = ((timestamp ^ _baseTimestamp) & (timestamp ^ delta)) < 0;
        return !overflows && (_timestampType == TimestampType.CreateTime || delta == 0);
    }

    private ReadOnlySpan<byte> EncodeHeaders(IReadOnlyList<EventHeader> headers)
    {
        // By index: an enumerator of the interface would be an object for every event.
        var size = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            size = checked(size + (2 * VarInt.MaxInt32Bytes) + StrictUtf8.GetMaxByteCount(header.Key.Length) + (header.Value?.Length ?? 0));
        }

        if (size > _headers.Length)
        {
            _headers = new byte[size];
        }

        var at = 0;
        for (var i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            at += VarInt.Write(_headers.AsSpan(at), StrictUtf8.GetByteCount(header.Key));
            at += StrictUtf8.GetBytes(header.Key, _headers.AsSpan(at));
            at += VarInt.Write(_headers.AsSpan(at), header.Value?.Length ?? -1);
            header.Value.GetValueOrDefault().Span.CopyTo(_headers.AsSpan(at));
            at += header.Value?.Length ?? 0;
        }

        return _headers.AsSpan(0, at);
    }

    private void PutBytes(bool isNull, ReadOnlySpan<byte> bytes)
    {
        Put(isNull ? -1 : bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Size));
        Size += bytes.Length;
    }

    private void Put(int value) => Size += VarInt.Write(_buffer.AsSpan(Size), value);

    private void Reserve(int bytes)
    {
        if (_buffer.Length - Size < bytes)
        {
            Array.Resize(ref _buffer, (int)Math.Min(Array.MaxLength, Math.Max((long)Size + bytes, 2L * _buffer.Length)));
        }
    }
}
