using TattleTail.Events.RecordBatches;

namespace TattleTail.Log.Reading;

/// <summary>Looks for events within one record batch.</summary>
internal static class BatchSearch
{
    /// <summary>The first event between two offsets with a timestamp at or after a time: its offset and timestamp. Tells the offset behind the batch.</summary>
    public static (long, long)? FirstAtOrAfter(ReadOnlySpan<byte> batch, long from, long last, long time, out long next)
    {
        using var reader = new RecordBatchReader(batch);
        next = Math.Max(from, reader.Header.LastOffset + 1);
        while (reader.MoveNext())
        {
            var record = reader.Current;
            if (record.Offset >= from && record.Offset <= last && record.Timestamp >= time)
            {
                return (record.Offset, record.Timestamp);
            }
        }

        return null;
    }

    /// <summary>The largest timestamp between two offsets, or what was the largest before.</summary>
    public static long? MaxOf(ReadOnlySpan<byte> batch, long from, long last, long? max)
    {
        using var reader = new RecordBatchReader(batch);
        while (reader.MoveNext())
        {
            var record = reader.Current;
            if (record.Offset >= from && record.Offset <= last && !(max >= record.Timestamp))
            {
                max = record.Timestamp;
            }
        }

        return max;
    }

    /// <summary>The first event of a batch at or after an offset, and its place in the batch.</summary>
    public static (long Offset, int Index)? FirstFrom(ReadOnlySpan<byte> batch, long from)
    {
        using var reader = new RecordBatchReader(batch);
        for (var index = 0; reader.MoveNext(); index++)
        {
            if (reader.Current.Offset >= from)
            {
                return (reader.Current.Offset, index);
            }
        }

        return null;
    }
}
