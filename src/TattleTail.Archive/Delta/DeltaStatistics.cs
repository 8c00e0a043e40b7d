using System.Text;
using System.Text.Json;

namespace TattleTail.Archive.Delta;

/// <summary>
/// The <c>stats</c> of an <c>add</c>: JSON text by which readers skip files, so a wrong one would lose rows (Delta PROTOCOL.md, "Per-file Statistics"). Minima are floored and maxima ceiled to the
/// millisecond; an all-null column has no minimum; strings are compared by their UTF-8 bytes and never cut.
/// </summary>
internal static class DeltaStatistics
{
    public static string ToJson(FileStatistics statistics)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("numRecords", statistics.Events);
            json.WriteStartObject("minValues");
            WriteBounds(json, statistics, isMax: false);
            json.WriteEndObject();
            json.WriteStartObject("maxValues");
            WriteBounds(json, statistics, isMax: true);
            json.WriteEndObject();
            json.WriteStartObject("nullCount");
            json.WriteNumber("partition_id", 0);
            json.WriteNumber("event_offset", 0);
            json.WriteNumber("event_time", statistics.NullTimes);
            json.WriteNumber("recorded_at", 0);
            json.WriteNumber("recorded_date", 0);
            json.WriteNumber("event_type", statistics.NullTypes);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }

    private static void WriteBounds(Utf8JsonWriter json, FileStatistics statistics, bool isMax)
    {
        var partitions = statistics.Partitions;
        json.WriteNumber("partition_id", partitions[isMax ? partitions.Count - 1 : 0].Partition);
        json.WriteNumber("event_offset", isMax ? statistics.MaxOffset : statistics.MinOffset);
        if ((isMax ? statistics.MaxTime : statistics.MinTime) is { } time)
        {
            json.WriteString("event_time", isMax ? ArchiveTime.Ceiling(time) : ArchiveTime.Floor(time));
        }

        json.WriteString("recorded_at", isMax ? ArchiveTime.Ceiling(statistics.MaxRecordedAt) : ArchiveTime.Floor(statistics.MinRecordedAt));
        json.WriteString("recorded_date", ArchiveTime.DateText(isMax ? statistics.MaxRecordedAt : statistics.MinRecordedAt));
        if ((isMax ? statistics.MaxType : statistics.MinType) is { } type)
        {
            json.WriteString("event_type", type);
        }
    }
}
