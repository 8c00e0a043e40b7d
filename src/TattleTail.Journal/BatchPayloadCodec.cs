using System.Buffers.Binary;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Journal;

/// <summary>
/// The payload of batch and relocated entries, little-endian: stream int32 @0, partition int32 @4, recorded at int64 µs @8, length of the source position uint16 @16, six zeros, the source position @24, then one
/// RecordBatch v2 to the end, or nothing. Layout: docs/formats/journal.md, "Batch".
/// </summary>
internal static class BatchPayloadCodec
{
    public const int PrefixSize = 24;
    public const int MaxSourcePosition = ushort.MaxValue;

    public static int Size(in BatchPayload payload) => checked(PrefixSize + payload.SourcePosition.Length + payload.Batch.Length);

    public static void Write(Span<byte> target, StreamPartition partition, in BatchPayload payload)
    {
        target[..PrefixSize].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(target, partition.Stream);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], partition.Partition);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], payload.RecordedAtMicros);
        BinaryPrimitives.WriteUInt16LittleEndian(target[16..], checked((ushort)payload.SourcePosition.Length));
        payload.SourcePosition.Span.CopyTo(target[PrefixSize..]);
        payload.Batch.Span.CopyTo(target[(PrefixSize + payload.SourcePosition.Length)..]);
    }

    /// <summary>Reads a payload whose CRC matched; false when it is none all the same.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> source, out StreamPartition partition, out BatchPayload payload)
    {
        partition = default;
        payload = default;
        var span = source.Span;
        if (span.Length < PrefixSize)
        {
            return false;
        }

        var position = BinaryPrimitives.ReadUInt16LittleEndian(span[16..]);
        if (position > span.Length - PrefixSize)
        {
            return false;
        }

        var batch = source[(PrefixSize + position)..];
        if (!batch.IsEmpty && (!RecordBatchHeader.TryRead(batch.Span, out var header) || header.TotalSize != batch.Length))
        {
            return false;
        }

        partition = new StreamPartition(BinaryPrimitives.ReadInt32LittleEndian(span), BinaryPrimitives.ReadInt32LittleEndian(span[4..]));
        payload = new BatchPayload(BinaryPrimitives.ReadInt64LittleEndian(span[8..]), source.Slice(PrefixSize, position), batch);
        return true;
    }
}
