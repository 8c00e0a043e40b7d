using System.Text.Json;
using TattleTail.Archive;
using TattleTail.Log;
using TattleTail.Server.Http.Reading;

namespace TattleTail.Server.Http.Channels;

/// <summary>The JSON of a channel; docs/http-api.md.</summary>
public static class ChannelAnswer
{
    /// <summary>Writes one object.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="figures">An incarnation and what it holds.</param>
    /// <param name="files">The archived files of its name, of whatever incarnation.</param>
    public static void Write(Utf8JsonWriter json, ChannelFigures figures, IReadOnlyList<ArchiveFile> files)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(files);
        var channel = figures.Channel;
        var own = files.Where(f => f.Stream.TopicId == channel.TopicId).ToList();
        json.WriteStartObject();
        json.WriteString("name", channel.Name);
        json.WriteNumber("incarnation", channel.Incarnation);
        json.WriteString("topicId", channel.TopicId);
        json.WriteString("source", channel.Source);
        json.WriteString("address", channel.Address);
        json.WriteBoolean("closed", channel.IsClosed);
        json.WriteNumber("events", figures.Events);
        json.WriteNumber("bytes", figures.Bytes);
        json.WriteString("firstTime", Iso(figures.Partitions.Min(p => p.FirstTimestamp)));
        json.WriteString("lastTime", Iso(figures.Partitions.Max(p => p.LastTimestamp)));
        json.WriteNumber("journalEvents", figures.Events - figures.SealedEvents);
        json.WriteNumber("journalBytes", figures.UnsealedBytes);
        json.WriteNumber("sealedEvents", figures.SealedEvents);
        json.WriteNumber("sealedFiles", own.Count);
        json.WriteNumber("sealedBytes", own.Sum(f => f.Size));
        if (figures.OldestUnsealedAge is { } age)
        {
            json.WriteNumber("oldestUnsealedSeconds", Math.Max(0, Math.Round(age.TotalSeconds, 1)));
        }
        else
        {
            json.WriteNull("oldestUnsealedSeconds");
        }

        WritePartitions(json, figures);
        json.WriteEndObject();
    }

    private static void WritePartitions(Utf8JsonWriter json, ChannelFigures figures)
    {
        json.WriteStartArray("partitions");
        foreach (var partition in figures.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Partition);
            json.WriteNumber("firstOffset", partition.StartOffset);
            json.WriteNumber("nextOffset", partition.HighWatermark);
            json.WriteNumber("sealedThrough", partition.SealedThrough);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string? Iso(long? millis) => millis is null ? null : EventTimes.IsoOfMillis(millis.Value);
}
