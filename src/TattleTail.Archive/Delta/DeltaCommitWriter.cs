using System.Globalization;
using System.Text.Json;

namespace TattleTail.Archive.Delta;

/// <summary>Writes the JSON lines of a version (Delta PROTOCOL.md, "Actions"): no byte-order mark, one action a line.</summary>
internal static class DeltaCommitWriter
{
    public static byte[] CreateTable(string tableId, string commitId, long nowMillis) => Lines(
        json => WriteCommitInfo(json, "CREATE TABLE", commitId, nowMillis),
        WriteProtocol,
        json => WriteMetadata(json, tableId, nowMillis));

    public static byte[] Append(IReadOnlyList<EncodedFile> files, IReadOnlyList<SealedPosition> positions, string commitId, long nowMillis) => Lines(
    [
        json => WriteCommitInfo(json, "WRITE", commitId, nowMillis),
        .. positions.Select<SealedPosition, Action<Utf8JsonWriter>>(p => json => WriteTxn(json, p, nowMillis)),
        .. files.Select<EncodedFile, Action<Utf8JsonWriter>>(f => json => WriteAdd(json, f, nowMillis)),
    ]);

    public static string AppId(Guid topicId, int partition) => string.Create(CultureInfo.InvariantCulture, $"tattletail/{topicId:D}/{partition}");

    private static byte[] Lines(params Action<Utf8JsonWriter>[] actions)
    {
        using var buffer = new MemoryStream();
        foreach (var action in actions)
        {
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                action(json);
                json.WriteEndObject();
            }

            buffer.WriteByte((byte)'\n');
        }

        return buffer.ToArray();
    }

    private static void WriteCommitInfo(Utf8JsonWriter json, string operation, string commitId, long nowMillis)
    {
        json.WriteStartObject("commitInfo");
        json.WriteNumber("timestamp", nowMillis);
        json.WriteString("operation", operation);
        json.WriteStartObject("operationParameters");
        json.WriteEndObject();
        json.WriteString("engineInfo", "TattleTail");
        json.WriteString("txnId", commitId);
        json.WriteEndObject();
    }

    private static void WriteProtocol(Utf8JsonWriter json)
    {
        json.WriteStartObject("protocol");
        json.WriteNumber("minReaderVersion", DeltaSchema.ReaderVersion);
        json.WriteNumber("minWriterVersion", DeltaSchema.WriterVersion);
        json.WriteStartArray("writerFeatures");
        json.WriteStringValue(DeltaSchema.WriterFeature);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter json, string tableId, long nowMillis)
    {
        json.WriteStartObject("metaData");
        json.WriteString("id", tableId);
        json.WriteString("name", "tattletail_events");
        json.WriteStartObject("format");
        json.WriteString("provider", "parquet");
        json.WriteStartObject("options");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteString("schemaString", DeltaSchema.SchemaString);
        json.WriteStartArray("partitionColumns");
        json.WriteStringValue("channel");
        json.WriteStringValue("recorded_month");
        json.WriteEndArray();
        json.WriteStartObject("configuration");
        json.WriteString("delta.enableExpiredLogCleanup", "false");
        json.WriteEndObject();
        json.WriteNumber("createdTime", nowMillis);
        json.WriteEndObject();
    }

    private static void WriteTxn(Utf8JsonWriter json, SealedPosition position, long nowMillis)
    {
        json.WriteStartObject("txn");
        json.WriteString("appId", AppId(position.TopicId, position.Partition));
        json.WriteNumber("version", position.Next);
        json.WriteNumber("lastUpdated", nowMillis);
        json.WriteEndObject();
    }

    private static void WriteAdd(Utf8JsonWriter json, EncodedFile encoded, long nowMillis)
    {
        var file = encoded.File;
        json.WriteStartObject("add");
        json.WriteString("path", file.Path);
        json.WriteStartObject("partitionValues");
        json.WriteString("channel", file.Stream.Channel);
        json.WriteString("recorded_month", file.RecordedMonth);
        json.WriteEndObject();
        json.WriteNumber("size", file.Size);
        json.WriteNumber("modificationTime", nowMillis);
        json.WriteBoolean("dataChange", true);
        json.WriteString("stats", encoded.Statistics);
        json.WriteStartObject("tags");
        foreach (var (name, value) in FileTags.Of(file))
        {
            json.WriteString(name, value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
