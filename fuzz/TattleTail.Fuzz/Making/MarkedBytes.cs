using System.Buffers.Binary;

namespace TattleTail.Fuzz.Making;

/// <summary>How a length stands in a message.</summary>
internal enum LengthKind
{
    Int16,
    Int32,
    Varint,
}

/// <summary>A message being made, with the places of its lengths and the extents of its parts, so that it can be damaged where it hurts.</summary>
internal sealed class MarkedBytes
{
    private readonly List<byte> _bytes = [];
    private readonly List<(int At, LengthKind Kind)> _lengths = [];
    private readonly List<Range> _parts = [];

    public int Count => _bytes.Count;

    /// <summary>Where lengths, counts and numbers of tags stand.</summary>
    public IReadOnlyList<(int At, LengthKind Kind)> Lengths => _lengths;

    /// <summary>Fields and elements of arrays.</summary>
    public IReadOnlyList<Range> Parts => _parts;

    public byte[] ToArray() => [.. _bytes];

    public void Add(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public void AddInt16(short value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        Add(bytes);
    }

    public void AddInt32(int value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        Add(bytes);
    }

    public void AddInt64(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        Add(bytes);
    }

    public void AddVarint(uint value)
    {
        for (; value > 127; value >>= 7)
        {
            _bytes.Add((byte)(value | 128));
        }

        _bytes.Add((byte)value);
    }

    /// <summary>A length, which is marked; -1 for null.</summary>
    public void AddLength(int length, LengthKind kind)
    {
        _lengths.Add((Count, kind));
        switch (kind)
        {
            case LengthKind.Int16:
                AddInt16((short)length);
                break;
            case LengthKind.Int32:
                AddInt32(length);
                break;
            default:
                AddVarint((uint)(length + 1));
                break;
        }
    }

    /// <summary>Marks a varint that is no length plus one: the number of tags, the size of one.</summary>
    public void AddMarkedVarint(uint value)
    {
        _lengths.Add((Count, LengthKind.Varint));
        AddVarint(value);
    }

    /// <summary>Marks what was added since <paramref name="start"/> as a part.</summary>
    public void MarkPart(int start) => _parts.Add(start..Count);
}
