using TattleTail.Log;

namespace TattleTail.Spew.Protocol;

/// <summary>
/// One direction of the wire. A message names its fields once, in order and with the versions that have them, and <see cref="WireReader"/> fills them or <see cref="WireWriter"/>
/// writes them, so that both directions cannot disagree.
/// </summary>
/// <remarks>Grammar: Kafka protocol guide, "Protocol Primitive Types". Integers are big-endian; "compact" lengths are unsigned varints of n + 1, 0 being null.</remarks>
internal interface ITransfer
{
    /// <summary>The version of the message being transferred.</summary>
    short Version { get; }

    void Bool(ref bool value);

    void Int8(ref sbyte value);

    void Int16(ref short value);

    void Int32(ref int value);

    void Int64(ref long value);

    /// <summary>16 bytes, big-endian.</summary>
    void Uuid(ref Guid value);

    void String(ref string value);

    void NullableString(ref string? value);

    void Int32s(ref int[] values);

    void Strings(ref string[] values);

    void NullableStrings(ref string[]? values);

    void Array<TItem>(ref TItem[] items)
        where TItem : struct, IWire;

    void NullableArray<TItem>(ref TItem[]? items)
        where TItem : struct, IWire;

    /// <summary>Bytes that only clients understand. They are copied when read, as groups keep them for longer than the frame lasts.</summary>
    void Bytes(ref ReadOnlyMemory<byte> value);

    /// <summary>Record batches as a producer sent them: a slice of the frame, not a copy.</summary>
    void Records(ref Memory<byte>? records);

    /// <summary>Record batches for a consumer: written by reference to where they lie.</summary>
    void Batches(ref BatchRun batches);

    /// <summary>The tagged fields that end a structure of a flexible version. None is known: they are skipped, and none is written.</summary>
    void Tags();
}

/// <summary>A structure of the protocol.</summary>
internal interface IWire
{
    /// <summary>Moves each field that the version has through <paramref name="io"/>; a field that it lacks keeps its default.</summary>
    void Transfer<T>(ref T io)
        where T : struct, ITransfer, allows ref struct;
}

/// <summary>Consecutive batches of one partition, and their bytes in all. The default is no batch.</summary>
internal readonly struct BatchRun(IReadOnlyList<LogBatch> batches, int count, int bytes)
{
    public IReadOnlyList<LogBatch> Batches { get; } = batches;

    /// <summary>How many of <see cref="Batches"/> belong to the run, from the first.</summary>
    public int Count { get; } = count;

    public int Bytes { get; } = bytes;
}
