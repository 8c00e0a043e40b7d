using System.Text;
using TattleTail.Spew.Protocol;

namespace TattleTail.Fuzz.Making;

/// <summary>A direction of the wire that makes a message up: each field that the version has gets a random value, which is written as the protocol lays it out and marked.</summary>
/// <param name="random">The case's.</param>
/// <param name="output">Where to.</param>
/// <param name="version">The message's version.</param>
/// <param name="flexible">The version has compact lengths and tagged fields.</param>
/// <param name="tags">Puts unknown tagged fields in.</param>
internal struct RequestMaker(Random random, MarkedBytes output, short version, bool flexible, bool tags) : ITransfer
{
    public readonly short Version => version;

    public readonly void Bool(ref bool value)
    {
        value = random.Next(2) == 1;
        output.Add([value ? (byte)1 : (byte)0]);
    }

    public readonly void Int8(ref sbyte value)
    {
        value = (sbyte)Words.Number(random);
        output.Add([(byte)value]);
    }

    public readonly void Int16(ref short value) => output.AddInt16(value = (short)Words.Number(random));

    public readonly void Int32(ref int value) => output.AddInt32(value = (int)Words.Number(random));

    public readonly void Int64(ref long value) => output.AddInt64(value = Words.Number(random));

    public readonly void Uuid(ref Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes = random.Next(2) == 0 ? bytes : default(Guid).ToByteArray();
        value = new Guid(bytes, bigEndian: true);
        output.Add(bytes);
    }

    public readonly void String(ref string value) => PutText(value = Words.Text(random));

    public readonly void NullableString(ref string? value) => PutText(value = random.Next(5) == 0 ? null : Words.Text(random));

    public readonly void Int32s(ref int[] values)
    {
        values = new int[Words.Count(random)];
        int start = output.Count;
        PutLength(values.Length);
        foreach (ref int value in values.AsSpan())
        {
            Int32(ref value);
        }

        output.MarkPart(start);
    }

    public readonly void Strings(ref string[] values) => PutTexts(values = new string[Words.Count(random)]);

    public readonly void NullableStrings(ref string[]? values) => PutTexts(values = random.Next(5) == 0 ? null : new string[Words.Count(random)]);

    public void Array<TItem>(ref TItem[] items)
        where TItem : struct, IWire
    {
        items = new TItem[Words.Count(random)];
        PutItems(items);
    }

    public void NullableArray<TItem>(ref TItem[]? items)
        where TItem : struct, IWire
    {
        items = random.Next(5) == 0 ? null : new TItem[Words.Count(random)];
        PutItems(items);
    }

    public readonly void Bytes(ref ReadOnlyMemory<byte> value)
    {
        byte[] bytes = Words.Bytes(random);
        value = bytes;
        PutBytes(bytes);
    }

    public readonly void Records(ref Memory<byte>? records)
    {
        byte[]? bytes = random.Next(8) switch
        {
            0 => null,
            1 => Words.Bytes(random),
            _ => BatchMaker.Make(random),
        };
        records = bytes is null ? default(Memory<byte>?) : bytes;
        PutBytes(bytes);
    }

    public readonly void Batches(ref BatchRun batches) => throw new NotSupportedException("only answers have batches");

    public readonly void Tags()
    {
        if (!flexible)
        {
            return;
        }

        int start = output.Count;
        int count = tags ? random.Next(3) : 0;
        output.AddMarkedVarint((uint)count);
        for (int i = 0; i < count; i++)
        {
            output.AddVarint((uint)(100 + random.Next(1_000_000)));
            byte[] bytes = Words.Bytes(random);
            output.AddMarkedVarint((uint)bytes.Length);
            output.Add(bytes);
        }

        output.MarkPart(start);
    }

    private void PutItems<TItem>(TItem[]? items)
        where TItem : struct, IWire
    {
        int start = output.Count;
        PutLength(items?.Length ?? -1);
        foreach (ref TItem item in items.AsSpan())
        {
            int from = output.Count;
            item.Transfer(ref this);
            output.MarkPart(from);
        }

        output.MarkPart(start);
    }

    private readonly void PutTexts(string[]? values)
    {
        int start = output.Count;
        PutLength(values?.Length ?? -1);
        foreach (ref string value in values.AsSpan())
        {
            String(ref value);
        }

        output.MarkPart(start);
    }

    private readonly void PutText(string? text)
    {
        int start = output.Count;
        byte[]? bytes = text is null ? null : Encoding.UTF8.GetBytes(text);
        output.AddLength(bytes?.Length ?? -1, flexible ? LengthKind.Varint : LengthKind.Int16);
        output.Add(bytes);
        output.MarkPart(start);
    }

    private readonly void PutBytes(byte[]? bytes)
    {
        int start = output.Count;
        PutLength(bytes?.Length ?? -1);
        output.Add(bytes);
        output.MarkPart(start);
    }

    private readonly void PutLength(int length) => output.AddLength(length, flexible ? LengthKind.Varint : LengthKind.Int32);
}
