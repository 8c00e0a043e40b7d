using System.Text.Json;
using TattleTail.Archive;
using TattleTail.Server.Http.Reading;

namespace TattleTail.Server.Http.Archives;

/// <summary>The JSON of archived files; docs/http-api.md.</summary>
public static class ArchiveAnswer
{
    /// <summary>Writes a file.</summary>
    public static void Write(Utf8JsonWriter json, ArchiveFile file)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(file);
        json.WriteStartObject();
        json.WriteString("path", file.Path);
        json.WriteNumber("bytes", file.Size);
        json.WriteString("sha256", file.Sha256);
        json.WriteString("channel", file.Stream.Channel);
        json.WriteNumber("incarnation", file.Stream.Incarnation);
        json.WriteString("recordedMonth", file.RecordedMonth);
        json.WriteNumber("events", file.Events);
        json.WriteString("firstRecordedAt", EventTimes.IsoOfMicros(file.FirstRecordedAtMicros));
        json.WriteString("lastRecordedAt", EventTimes.IsoOfMicros(file.LastRecordedAtMicros));
        json.WriteStartArray("partitions");
        foreach (var range in file.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", range.Partition);
            json.WriteNumber("firstOffset", range.FirstOffset);
            json.WriteNumber("lastOffset", range.LastOffset);
            json.WriteNumber("events", range.Events);
            json.WriteString("minTime", EventTimes.IsoOfMillis(range.MinTimestamp));
            json.WriteString("maxTime", EventTimes.IsoOfMillis(range.MaxTimestamp));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes what came of reading a file back.</summary>
    public static void Write(Utf8JsonWriter json, VerifiedFile verified, int done, int of)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(verified);
        json.WriteStartObject();
        json.WriteString("path", verified.File.Path);
        json.WriteNumber("events", verified.File.Events);
        json.WriteNumber("bytes", verified.File.Size);
        json.WriteNumber("done", done);
        json.WriteNumber("of", of);
        json.WriteStartArray("faults");
        foreach (var fault in verified.Faults)
        {
            json.WriteStringValue(fault);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes what came of reading all back.</summary>
    public static void WriteTotal(Utf8JsonWriter json, IReadOnlyList<ArchiveFile> files, long faults)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(files);
        json.WriteStartObject();
        json.WriteNumber("files", files.Count);
        json.WriteNumber("events", files.Sum(f => f.Events));
        json.WriteNumber("bytes", files.Sum(f => f.Size));
        json.WriteNumber("faults", faults);
        json.WriteEndObject();
    }
}
