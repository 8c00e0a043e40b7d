using TattleTail.Events;

namespace TattleTail.Journal;

/// <summary>Entries encoded one behind the other, to be written at once. Kept and used again.</summary>
internal sealed class GroupBuffer
{
    private const int InitialBytes = 256 * 1024;
    private const int KeptBytes = 16 * 1024 * 1024;

    private byte[] _bytes = new byte[InitialBytes];

    /// <summary>Position of the first entry.</summary>
    public long Start { get; private set; }

    public int Length { get; private set; }

    public long End => Start + Length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Begin(long position)
    {
        Start = position;
        Length = 0;
    }

    /// <summary>Gives back what one huge entry took.</summary>
    public void Trim()
    {
        if (_bytes.Length > KeptBytes)
        {
            _bytes = new byte[InitialBytes];
        }
    }

    /// <summary>Encodes an entry behind the others.</summary>
    public void Add(PendingEntry entry, in BatchPayload batch, int payloadLength, int epoch, long durable)
    {
        var size = (int)EntryHeader.SizeOf(payloadLength);
        if (_bytes.Length - Length < size)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)Length + size)));
        }

        var target = _bytes.AsSpan(Length, size);
        var payload = target.Slice(EntryHeader.Size, payloadLength);
        if (entry.Batch is { } source)
        {
            BatchPayloadCodec.Write(payload, source.Partition, batch);
        }
        else
        {
            entry.Payload.Span.CopyTo(payload);
        }

        target[(EntryHeader.Size + payloadLength)..].Clear();
        entry.Position = End;
        entry.End = End + size;
        new EntryHeader(Crc32C.Of(payload), payloadLength, entry.Kind, durable).Write(target, epoch, entry.Position);
        Length += size;
    }
}
