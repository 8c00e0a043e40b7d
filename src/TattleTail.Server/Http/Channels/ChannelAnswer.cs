using System.Text.Json;
using TattleTail.Log;
using TattleTail.Server.Http.Reading;

namespace TattleTail.Server.Http.Channels;

/// <summary>The JSON of a channel; docs/http-api.md.</summary>
public static class ChannelAnswer
{
    /// <summary>Writes one object.</summary>
    public static void Write(Utf8JsonWriter json, Channel channel, ChannelFigures figures)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(figures);
        json.WriteStartObject();
        json.WriteString("name", channel.Name);
        json.WriteNumber("incarnation", channel.Incarnation);
        json.WriteString("topicId", channel.TopicId);
        json.WriteString("source", channel.Source);
        json.WriteString("address", channel.Address);
        json.WriteBoolean("closed", channel.IsClosed);
        json.WriteNumber("events", figures.Events);
        json.WriteString("firstTime", figures.FirstTimeMillis is { } first ? EventTimes.IsoOfMillis(first) : null);
        json.WriteString("lastTime", figures.LastTimeMillis is { } last ? EventTimes.IsoOfMillis(last) : null);
        json.WriteNumber("journalEvents", figures.JournalEvents);
        json.WriteNumber("sealedEvents", figures.SealedEvents);
        json.WriteNumber("sealedFiles", figures.SealedFiles);
        json.WriteNumber("sealedBytes", figures.SealedBytes);
        if (figures.OldestUnsealed is { } age)
        {
            json.WriteNumber("oldestUnsealedSeconds", Math.Max(0, Math.Round(age.TotalSeconds, 1)));
        }
        else
        {
            json.WriteNull("oldestUnsealedSeconds");
        }

        WritePartitions(json, channel);
        json.WriteEndObject();
    }

    private static void WritePartitions(Utf8JsonWriter json, Channel channel)
    {
        json.WriteStartArray("partitions");
        foreach (var partition in channel.Partitions)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", partition.Index);
            json.WriteNumber("firstOffset", partition.StartOffset);
            json.WriteNumber("nextOffset", partition.HighWatermark);
            json.WriteNumber("sealedThrough", partition.SealedThrough);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
