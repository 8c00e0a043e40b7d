using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace TattleTail.Log.State;

/// <summary>Writes the primitives of state entries: little-endian integers, strings as a u16 length and UTF-8, ids as 16 bytes big-endian.</summary>
internal readonly struct StateWriter(ArrayBufferWriter<byte> output)
{
    public void Byte(byte value) => Take(1)[0] = value;

    public void Int16(short value) => BinaryPrimitives.WriteInt16LittleEndian(Take(2), value);

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Guid(Guid value) => value.TryWriteBytes(Take(16), bigEndian: true, out _);

    public void String(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)length));
        Encoding.UTF8.GetBytes(value, Take(length));
    }

    /// <summary>An int32 length and the bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        value.CopyTo(Take(value.Length));
    }

    private Span<byte> Take(int length)
    {
        var span = output.GetSpan(length)[..length];
        output.Advance(length);
        return span;
    }
}
