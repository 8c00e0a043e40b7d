namespace TattleTail.Events.RecordBatches;

/// <summary>Writes a header as it stands in a record: key length varint, key, value length varint (-1: null), value.</summary>
public static class RecordHeaderWriter
{
    /// <summary>Most bytes beside key and value.</summary>
    public const int MaxOverhead = 2 * VarInt.MaxInt32Bytes;

    /// <summary>Writes one header and returns its size.</summary>
    public static int Write(Span<byte> target, ReadOnlySpan<byte> key, bool valueIsNull, ReadOnlySpan<byte> value)
    {
        var at = VarInt.Write(target, key.Length);
        key.CopyTo(target[at..]);
        at += key.Length;
        at += VarInt.Write(target[at..], valueIsNull ? -1 : value.Length);
        value.CopyTo(target[at..]);
        return at + value.Length;
    }
}
