using System.Buffers.Binary;
using System.Text;
using TattleTail.Journal;

namespace TattleTail.Log.State;

/// <summary>
/// Reads the primitives of state entries. What does not fit is a <see cref="JournalFormatException"/>; counts are checked against the bytes that are there
/// before anything is allocated for them.
/// </summary>
internal ref struct StateReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public readonly int Remaining => _rest.Length;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw Malformed($"a flag of {other}"),
    };

    public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public Guid Guid() => new(Take(16), bigEndian: true);

    public string String() => Encoding.UTF8.GetString(Take(BinaryPrimitives.ReadUInt16LittleEndian(Take(2))));

    /// <summary>Bytes behind their length, copied.</summary>
    public byte[] Bytes() => Take(Count(1)).ToArray();

    /// <summary>A count of things that take at least <paramref name="leastBytes"/> each.</summary>
    public int Count(int leastBytes)
    {
        var count = Int32();
        return count >= 0 && (long)count * leastBytes <= _rest.Length ? count : throw Malformed($"a count of {count} with {_rest.Length} bytes left");
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw Malformed($"{_rest.Length} bytes where {length} are due");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    public readonly void End()
    {
        if (_rest.Length != 0)
        {
            throw Malformed($"{_rest.Length} bytes too many");
        }
    }

    public static JournalFormatException Malformed(string what) => new($"a state entry of the journal is malformed: {what}");
}
