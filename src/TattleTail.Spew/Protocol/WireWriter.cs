using System.Buffers.Binary;
using System.Text;

namespace TattleTail.Spew.Protocol;

/// <summary>Writes a message into a frame. What it is given is ours and is not checked.</summary>
/// <param name="frame">Where to.</param>
/// <param name="version">The message's version.</param>
/// <param name="flexible">The version has compact lengths and tagged fields.</param>
internal readonly ref struct WireWriter(ResponseFrame frame, short version, bool flexible) : ITransfer
{
    public short Version { get; } = version;

    public void Bool(ref bool value) => Put(1)[0] = value ? (byte)1 : (byte)0;

    public void Int8(ref sbyte value) => Put(1)[0] = (byte)value;

    public void Int16(ref short value) => BinaryPrimitives.WriteInt16BigEndian(Put(2), value);

    public void Int32(ref int value) => BinaryPrimitives.WriteInt32BigEndian(Put(4), value);

    public void Int64(ref long value) => BinaryPrimitives.WriteInt64BigEndian(Put(8), value);

    public void Uuid(ref Guid value) => value.TryWriteBytes(Put(16), bigEndian: true, out _);

    public void String(ref string value) => WriteString(value);

    public void NullableString(ref string? value) => WriteString(value);

    public void Int32s(ref int[] values)
    {
        WriteCount(values.Length);
        foreach (ref int value in values.AsSpan())
        {
            Int32(ref value);
        }
    }

    public void Strings(ref string[] values)
    {
        string[]? present = values ?? [];
        NullableStrings(ref present);
    }

    public void NullableStrings(ref string[]? values)
    {
        WriteCount(values?.Length ?? -1);
        foreach (string value in values ?? [])
        {
            WriteString(value);
        }
    }

    public void Array<TItem>(ref TItem[] items)
        where TItem : struct, IWire
    {
        TItem[]? present = items ?? [];
        NullableArray(ref present);
    }

    public void NullableArray<TItem>(ref TItem[]? items)
        where TItem : struct, IWire
    {
        WriteCount(items?.Length ?? -1);
        WireWriter self = this;
        foreach (ref TItem item in items.AsSpan())
        {
            item.Transfer(ref self);
        }
    }

    public void Bytes(ref ReadOnlyMemory<byte> value)
    {
        WriteCount(value.Length);
        value.Span.CopyTo(Put(value.Length));
    }

    public void Records(ref Memory<byte>? records)
    {
        WriteCount(records?.Length ?? -1);
        if (records is { Length: > 0 } bytes)
        {
            bytes.Span.CopyTo(Put(bytes.Length));
        }
    }

    public void Batches(ref BatchRun batches)
    {
        // Never null: old clients take a null record set for a broken response.
        WriteCount(batches.Bytes);
        for (int i = 0; i < batches.Count; i++)
        {
            frame.Splice(batches.Batches[i].Batch);
        }
    }

    public void Tags()
    {
        if (flexible)
        {
            Put(1)[0] = 0;
        }
    }

    private void WriteString(string? value)
    {
        int length = value is null ? -1 : Encoding.UTF8.GetByteCount(value);
        if (flexible)
        {
            WriteVarint((uint)(length + 1));
        }
        else
        {
            BinaryPrimitives.WriteInt16BigEndian(Put(2), checked((short)length));
        }

        if (length > 0)
        {
            Encoding.UTF8.GetBytes(value, Put(length));
        }
    }

    /// <summary>The length of an array, of bytes or of records; -1 for null.</summary>
    private void WriteCount(int count)
    {
        if (flexible)
        {
            WriteVarint((uint)(count + 1));
        }
        else
        {
            BinaryPrimitives.WriteInt32BigEndian(Put(4), count);
        }
    }

    private void WriteVarint(uint value)
    {
        while (value >= 0x80)
        {
            Put(1)[0] = (byte)(value | 0x80);
            value >>= 7;
        }

        Put(1)[0] = (byte)value;
    }

    private Span<byte> Put(int count)
    {
        Span<byte> place = frame.GetSpan(count)[..count];
        frame.Advance(count);
        return place;
    }
}
