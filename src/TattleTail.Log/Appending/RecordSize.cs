using System.Numerics;
using System.Text;
using TattleTail.Events;

namespace TattleTail.Log.Appending;

/// <summary>
/// The exact bytes of a record before it is encoded, so that the size of a batch is known while events still join it.
/// Layout: Apache Kafka's protocol guide, "Record" (varints are zigzag).
/// </summary>
internal static class RecordSize
{
    /// <summary>The bytes of a record but for its deltas and its length: what depends on the event alone.</summary>
    public static long OfEvent(Event e)
    {
        var size = 1L + OfBytes(e.Key) + OfBytes(e.Body) + OfVarInt(e.Headers.Count);
        for (var i = 0; i < e.Headers.Count; i++)
        {
            var header = e.Headers[i];
            var key = Encoding.UTF8.GetByteCount(header.Key);
            size += OfVarInt(key) + key + OfBytes(header.Value);
        }

        return size;
    }

    /// <summary>The whole record, given <see cref="OfEvent"/>.</summary>
    public static long OfRecord(long eventSize, int offsetDelta, long timestampDelta)
    {
        var body = eventSize + OfVarInt(offsetDelta) + OfVarInt(timestampDelta);
        return body + OfVarInt(body);
    }

    private static long OfBytes(ReadOnlyMemory<byte>? bytes) => bytes is { } present ? OfVarInt(present.Length) + present.Length : OfVarInt(-1);

    private static int OfVarInt(long value)
    {
        var zigzag = (ulong)((value << 1) ^ (value >> 63));
        return ((64 - BitOperations.LeadingZeroCount(zigzag | 1)) + 6) / 7;
    }
}
