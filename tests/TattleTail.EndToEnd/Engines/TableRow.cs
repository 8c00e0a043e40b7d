using System.Globalization;
using System.Text.Json.Nodes;
using TattleTail.Events;

namespace TattleTail.EndToEnd.Engines;

/// <summary>A row as it was written, in this test's own words: what every engine must give back.</summary>
internal sealed record TableRow(
    string Channel, string Source, string Address, int Incarnation, int Partition, long Offset, TimestampType TimeType, long RecordedAt, string? EventId, string? EventType, string? CorrelationId, string? CausationId,
    Event Event)
{
    /// <summary>µs, null for what no engine could show.</summary>
    public long? EventTime => Event.Timestamp is -1 or < -62_135_596_800_000 or > 253_402_300_799_999 ? null : Event.Timestamp * 1000;

    public string RecordedMonth => At(RecordedAt).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public string RecordedDate => At(RecordedAt).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The row as the engines' scripts print it: binary as base64, times ISO 8601 in UTC with µs.</summary>
    public string ToJson() => new JsonObject
    {
        ["channel"] = Channel,
        ["recorded_month"] = RecordedMonth,
        ["recorded_date"] = RecordedDate,
        ["source"] = Source,
        ["address"] = Address,
        ["incarnation"] = Incarnation,
        ["partition_id"] = Partition,
        ["event_offset"] = Offset,
        ["event_time"] = EventTime is { } time ? TimeText(time) : null,
        ["event_time_raw"] = Event.Timestamp,
        ["event_time_type"] = TimeType.ToString(),
        ["recorded_at"] = TimeText(RecordedAt),
        ["event_id"] = EventId,
        ["event_type"] = EventType,
        ["correlation_id"] = CorrelationId,
        ["causation_id"] = CausationId,
        ["event_key"] = Base64(Event.Key),
        ["headers"] = new JsonArray([.. Event.Headers.Select(h => new JsonObject { ["key"] = h.Key, ["value"] = Base64(h.Value) })]),
        ["body"] = Base64(Event.Body),
    }.ToJsonString();

    public static string TimeText(long micros) => At(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static string? Base64(ReadOnlyMemory<byte>? bytes) => bytes is { } b ? Convert.ToBase64String(b.Span) : null;

    private static DateTime At(long micros) => DateTime.UnixEpoch.AddTicks(micros * 10);
}
