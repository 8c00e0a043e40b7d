namespace TattleTail.Archive.Delta;

/// <summary>What the table says of itself once, in version 0. Frozen by a test; documented in docs/formats/archive.md, "Table".</summary>
internal static class DeltaSchema
{
    /// <summary>The writer feature that keeps foreign writers out: they must refuse a table with a feature that they do not know (Delta PROTOCOL.md, "Table Features").</summary>
    public const string WriterFeature = "tattletail.log";

    public const int ReaderVersion = 1;
    public const int WriterVersion = 7;

    /// <summary>The schema as a Delta struct type.</summary>
    public static string SchemaString { get; } =
        """{"type":"struct","fields":[""" + string.Join(",",
            Field("channel", "\"string\""), Field("recorded_month", "\"string\""), Field("recorded_date", "\"date\""), Field("source", "\"string\""), Field("address", "\"string\""),
            Field("incarnation", "\"integer\""), Field("partition_id", "\"integer\""), Field("event_offset", "\"long\""), Field("event_time", "\"timestamp\""),
            Field("event_time_raw", "\"long\""), Field("event_time_type", "\"string\""), Field("recorded_at", "\"timestamp\""), Field("event_id", "\"string\""),
            Field("event_type", "\"string\""), Field("correlation_id", "\"string\""), Field("causation_id", "\"string\""), Field("event_key", "\"binary\""),
            Field("headers", """{"type":"array","elementType":{"type":"struct","fields":[""" + Field("key", "\"string\"") + "," + Field("value", "\"binary\"") + """]},"containsNull":true}"""),
            Field("body", "\"binary\"")) + "]}";

    private static string Field(string name, string type) => "{\"name\":\"" + name + "\",\"type\":" + type + ",\"nullable\":true,\"metadata\":{}}";
}
