using System.Buffers;
using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>Reads entries of one segment file one after another through a buffer. Not for concurrent use.</summary>
internal sealed class EntryReader(Segment segment, int maxEntryBytes) : IDisposable
{
    private const int Window = 1024 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Window);
    private long _bufferedAt;
    private int _buffered;

    /// <summary>The header that <see cref="TryRead"/> read.</summary>
    public EntryHeader Header { get; private set; }

    /// <summary>The payload that <see cref="TryRead"/> read, valid until the next call.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Reads the entry at a position that ends at or before a limit; false when there is none that is sound: <paramref name="headerIsSound"/> tells how far it was.</summary>
    public bool TryRead(long position, long limit, out bool headerIsSound)
    {
        headerIsSound = false;
        if (position + EntryHeader.Size > limit || Load(position, EntryHeader.Size) < EntryHeader.Size
            || !EntryHeader.TryRead(At(position, EntryHeader.Size).Span, segment.Header.Epoch, position, out var header)
            || header.PayloadLength > maxEntryBytes || position + header.EntrySize > limit)
        {
            return false;
        }

        headerIsSound = true;
        Header = header;
        if (Load(position, EntryHeader.Size + header.PayloadLength) < EntryHeader.Size + header.PayloadLength)
        {
            return false;
        }

        Payload = At(position + EntryHeader.Size, header.PayloadLength);
        return Crc32C.Of(Payload.Span) == header.PayloadCrc;
    }

    /// <summary>The first position at or after one where a sound header stands; null when none does before the limit.</summary>
    public long? FindHeader(long from, long limit)
    {
        for (var position = from; position + EntryHeader.Size <= limit; position += EntryHeader.Alignment)
        {
            if (Load(position, EntryHeader.Size) < EntryHeader.Size)
            {
                return null;
            }

            if (EntryHeader.TryRead(At(position, EntryHeader.Size).Span, segment.Header.Epoch, position, out var header)
                && header.PayloadLength <= maxEntryBytes && position + header.EntrySize <= limit)
            {
                return position;
            }
        }

        return null;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private ReadOnlyMemory<byte> At(long position, int length) => _buffer.AsMemory((int)(position - _bufferedAt), length);

    /// <summary>Makes bytes at a position lie in the buffer; returns how many of them there are.</summary>
    private int Load(long position, int length)
    {
        if (position < _bufferedAt || position + length > _bufferedAt + _buffered)
        {
            if (length > _buffer.Length)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = ArrayPool<byte>.Shared.Rent(length);
            }

            _bufferedAt = position;
            _buffered = segment.File.Read(segment.FileOffset(position), _buffer);
        }

        return (int)Math.Min(length, _bufferedAt + _buffered - position);
    }
}
