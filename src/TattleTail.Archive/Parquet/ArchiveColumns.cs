using ParquetSharp;
using ParquetSharp.Schema;

namespace TattleTail.Archive.Parquet;

/// <summary>The leaf columns of an archive file in their order; the numbers are the format's. Layout: docs/formats/archive.md, "Columns".</summary>
internal static class ArchiveColumns
{
    public const int Incarnation = 5;
    public const int PartitionId = 6;
    public const int EventOffset = 7;
    public const int EventTimeRaw = 9;
    public const int EventTimeType = 10;
    public const int RecordedAt = 11;
    public const int EventKey = 16;
    public const int HeaderKey = 17;
    public const int HeaderValue = 18;
    public const int Body = 19;
    public const int Count = 20;

    private const string HeaderKeyPath = "headers.list.element.key";
    private const string HeaderValuePath = "headers.list.element.value";

    public static GroupNode CreateSchema() => new("event", Repetition.Required,
    [
        Text("channel", Repetition.Required),
        Text("recorded_month", Repetition.Required),
        new PrimitiveNode("recorded_date", Repetition.Required, LogicalType.Date(), PhysicalType.Int32),
        Text("source", Repetition.Required),
        Text("address", Repetition.Required),
        new PrimitiveNode("incarnation", Repetition.Required, LogicalType.None(), PhysicalType.Int32),
        new PrimitiveNode("partition_id", Repetition.Required, LogicalType.None(), PhysicalType.Int32),
        new PrimitiveNode("event_offset", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
        new PrimitiveNode("event_time", Repetition.Optional, LogicalType.Timestamp(true, TimeUnit.Micros), PhysicalType.Int64),
        new PrimitiveNode("event_time_raw", Repetition.Required, LogicalType.None(), PhysicalType.Int64),
        Text("event_time_type", Repetition.Required),
        new PrimitiveNode("recorded_at", Repetition.Required, LogicalType.Timestamp(true, TimeUnit.Micros), PhysicalType.Int64),
        Text("event_id", Repetition.Optional),
        Text("event_type", Repetition.Optional),
        Text("correlation_id", Repetition.Optional),
        Text("causation_id", Repetition.Optional),
        Bytes("event_key"),
        new GroupNode("headers", Repetition.Required,
        [
            new GroupNode("list", Repetition.Repeated, [new GroupNode("element", Repetition.Required, [Text("key", Repetition.Required), Bytes("value")])]),
        ], LogicalType.List()),
        Bytes("body"),
    ]);

    /// <summary>
    /// zstd 1, page index, page checksums, statistics for every column but body and headers, delta encoding for numbers, dictionaries for texts that repeat.
    /// </summary>
    public static WriterProperties CreateProperties()
    {
        using var builder = new WriterPropertiesBuilder();
        builder.Compression(Compression.Zstd).CompressionLevel(1).Version(ParquetVersion.PARQUET_2_6).EnableWritePageIndex().EnablePageChecksum()
            .CreatedBy("TattleTail").DisableDictionary().MaxRowGroupLength(int.MaxValue);
        foreach (var repeating in (string[])["channel", "recorded_month", "source", "address", "event_time_type", "event_type", HeaderKeyPath])
        {
            builder.EnableDictionary(repeating);
        }

        foreach (var number in (string[])["recorded_date", "incarnation", "partition_id", "event_offset", "event_time", "event_time_raw", "recorded_at"])
        {
            builder.Encoding(number, Encoding.DeltaBinaryPacked);
        }

        foreach (var unordered in (string[])[HeaderKeyPath, HeaderValuePath, "body"])
        {
            builder.DisableStatistics(unordered).DisableWritePageIndex(unordered);
        }

        return builder.Build();
    }

    private static PrimitiveNode Text(string name, Repetition repetition) => new(name, repetition, LogicalType.String(), PhysicalType.ByteArray);

    private static PrimitiveNode Bytes(string name) => new(name, Repetition.Optional, LogicalType.None(), PhysicalType.ByteArray);
}
