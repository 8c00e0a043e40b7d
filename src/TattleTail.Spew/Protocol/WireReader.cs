using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using TattleTail.Log;

namespace TattleTail.Spew.Protocol;

/// <summary>
/// Reads a message from one frame. Pure: malformed bytes throw <see cref="MalformedFrameException"/>, and every length is checked against its sign, its cap and the bytes that are there
/// before memory is taken for it.
/// </summary>
internal ref struct WireReader : ITransfer
{
    /// <summary>Longest string in bytes, as of the protocol's int16 length.</summary>
    public const int MaxString = short.MaxValue;

    /// <summary>Longest bytes field. Kafka, too, keeps no group whose members' bytes are more than its <c>message.max.bytes</c>, by default about as much.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>
    /// Most array elements in one request, all arrays together: an element is a few bytes on the wire and some tens in memory, and this bounds the difference.
    /// </summary>
    public const int MaxElements = 250_000;

    /// <summary>Elements for which room is made before any is read: a count may lie, and an element in memory is many times the byte that it takes at least on the wire.</summary>
    private const int FirstElements = 64;

    private readonly Memory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly bool _flexible;
    private int _position;
    private int _elements;

    /// <param name="frame">The message, without frame length and header.</param>
    /// <param name="version">Its version.</param>
    /// <param name="flexible">The version has compact lengths and tagged fields.</param>
    public WireReader(Memory<byte> frame, short version, bool flexible)
    {
        _frame = frame;
        _bytes = frame.Span;
        _flexible = flexible;
        Version = version;
    }

    public short Version { get; }

    public readonly int Position => _position;

    public readonly int Remaining => _bytes.Length - _position;

    public void Bool(ref bool value) => value = Take(1)[0] != 0;

    public void Int8(ref sbyte value) => value = (sbyte)Take(1)[0];

    public void Int16(ref short value) => value = BinaryPrimitives.ReadInt16BigEndian(Take(2));

    public void Int32(ref int value) => value = BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public void Int64(ref long value) => value = BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public void Uuid(ref Guid value) => value = new Guid(Take(16), bigEndian: true);

    public void String(ref string value) => value = ReadString(_flexible) ?? throw Malformed("a string is null");

    public void NullableString(ref string? value) => value = ReadString(_flexible);

    /// <summary>A string with an int16 length, whatever the version: the client id of a request header.</summary>
    public void PlainNullableString(ref string? value) => value = ReadString(compact: false);

    public void Int32s(ref int[] values)
    {
        int count = ReadCount(4) ?? throw Malformed("an array is null");
        values = count == 0 ? [] : new int[count];
        foreach (ref int value in values.AsSpan())
        {
            Int32(ref value);
        }
    }

    public void Strings(ref string[] values)
    {
        string[]? read = null;
        NullableStrings(ref read);
        values = read ?? throw Malformed("an array is null");
    }

    public void NullableStrings(ref string[]? values)
    {
        if (ReadCount(_flexible ? 1 : 2) is not { } count)
        {
            values = null;
            return;
        }

        string[] read = FirstRoom<string>(count);
        for (int i = 0; i < count; i++)
        {
            MakeRoom(ref read, i, count);
            String(ref read[i]);
        }

        values = read;
    }

    public void Array<TItem>(ref TItem[] items)
        where TItem : struct, IWire
    {
        TItem[]? read = null;
        NullableArray(ref read);
        items = read ?? throw Malformed("an array is null");
    }

    public void NullableArray<TItem>(ref TItem[]? items)
        where TItem : struct, IWire
    {
        // The smallest element (a flexible structure's empty tag section) has one byte.
        if (ReadCount(1) is not { } count)
        {
            items = null;
            return;
        }

        TItem[] read = FirstRoom<TItem>(count);
        for (int i = 0; i < count; i++)
        {
            MakeRoom(ref read, i, count);
            read[i].Transfer(ref this);
        }

        items = read;
    }

    public void Bytes(ref ReadOnlyMemory<byte> value)
    {
        int length = _flexible ? ReadCompactLength() : ReadInt32();
        if (length is < 0 or > MaxBytes)
        {
            throw Malformed(length == -1 ? "bytes are null" : $"{length} bytes cannot be or are too many");
        }

        value = Take(length).ToArray();
    }

    public void Records(ref Memory<byte>? records)
    {
        int length = _flexible ? ReadCompactLength() : ReadInt32();
        if (length == -1)
        {
            records = null;
            return;
        }

        int start = _position;
        Take(length);
        records = _frame.Slice(start, length);
    }

    public void Batches(ref BatchRun batches)
    {
        Memory<byte>? records = null;
        Records(ref records);
        batches = records is { Length: > 0 } bytes ? new BatchRun([new LogBatch(-1, bytes)], 1, bytes.Length) : default;
    }

    public void Tags()
    {
        if (!_flexible)
        {
            return;
        }

        uint count = ReadVarint();
        if (count > Remaining / 2)
        {
            throw Malformed($"{count} tagged fields do not fit");
        }

        for (uint i = 0; i < count; i++)
        {
            ReadVarint();
            uint size = ReadVarint();
            if (size > Remaining)
            {
                throw Malformed($"a tagged field of {size} bytes does not fit");
            }

            Take((int)size);
        }
    }

    private static T[] FirstRoom<T>(int count) => count == 0 ? [] : new T[Math.Min(count, FirstElements)];

    /// <summary>Makes room for an element, at the end for exactly <paramref name="count"/>.</summary>
    private static void MakeRoom<T>(ref T[] read, int index, int count)
    {
        if (index == read.Length)
        {
            System.Array.Resize(ref read, Math.Min(count, 2 * index));
        }
    }

    private string? ReadString(bool compact)
    {
        int length = compact ? ReadCompactLength() : ReadInt16();
        if (length == -1)
        {
            return null;
        }

        if (length > MaxString)
        {
            throw Malformed($"a string of {length} bytes is too long");
        }

        return length == 0 ? "" : Text(Take(length));
    }

    /// <summary>A string of bytes; what is no UTF-8 in them is replaced, as Kafka does. <see cref="Encoding.UTF8"/> replaces the same and makes arrays for each fault that it finds, fifteen times the bytes in all.</summary>
    private static string Text(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes))
        {
            return Encoding.UTF8.GetString(bytes);
        }

        char[] chars = ArrayPool<char>.Shared.Rent(bytes.Length);
        Utf8.ToUtf16(bytes, chars, out _, out int written, replaceInvalidSequences: true);
        string text = new(chars, 0, written);
        ArrayPool<char>.Shared.Return(chars);
        return text;
    }

    /// <summary>An array's length, checked against the bytes that are left; null for a null array.</summary>
    private int? ReadCount(int leastBytesEach)
    {
        int count = _flexible ? ReadCompactLength() : ReadInt32();
        if (count == -1)
        {
            return null;
        }

        if (count < 0 || count > Remaining / leastBytesEach || count > MaxElements - _elements)
        {
            throw Malformed($"an array of {count} elements does not fit or is too long");
        }

        _elements += count;
        return count;
    }

    /// <summary>A compact length less one, so that -1 is null as in the other form.</summary>
    private int ReadCompactLength()
    {
        uint length = ReadVarint();
        return length <= int.MaxValue ? (int)length - 1 : throw Malformed($"a length of {length} does not fit");
    }

    private uint ReadVarint()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            byte next = Take(1)[0];
            if (shift == 28 && next > 0x0F)
            {
                break;
            }

            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Malformed("a varint has more than 32 bits");
    }

    private short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(2));

    private int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Remaining)
        {
            throw Malformed($"{count} bytes wanted, {Remaining} there");
        }

        ReadOnlySpan<byte> taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    private readonly MalformedFrameException Malformed(string what) => new($"{what} (at byte {_position} of {_bytes.Length})");
}
