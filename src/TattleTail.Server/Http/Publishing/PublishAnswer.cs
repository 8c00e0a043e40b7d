using System.Text.Json;
using TattleTail.Log;

namespace TattleTail.Server.Http.Publishing;

/// <summary>The body of the answer to published events; docs/http-api.md.</summary>
internal static class PublishAnswer
{
    public static void Write(Utf8JsonWriter json, EventAppender appender, (int Partition, long Offset)? single, bool isRepeated)
    {
        json.WriteStartObject();
        json.WriteString("channel", appender.Target.Name);
        WriteIncarnation(json, appender.Target.Channel);
        if (single is { } place)
        {
            WritePlace(json, place);
            if (isRepeated)
            {
                json.WriteBoolean("repeated", true);
            }
        }
        else
        {
            json.WriteNumber("count", appender.Count);
            WriteRanges(json, appender);
            WritePlaces(json, appender);
        }

        json.WriteEndObject();
    }

    private static void WriteIncarnation(Utf8JsonWriter json, Channel? channel)
    {
        if (channel is null)
        {
            json.WriteNull("incarnation");
        }
        else
        {
            json.WriteNumber("incarnation", channel.Incarnation);
        }
    }

    private static void WriteRanges(Utf8JsonWriter json, EventAppender appender)
    {
        json.WriteStartArray("partitions");
        foreach (var range in appender.Ranges)
        {
            json.WriteStartObject();
            json.WriteNumber("partition", range.Partition);
            json.WriteNumber("firstOffset", range.FirstOffset);
            json.WriteNumber("lastOffset", range.LastOffset);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePlaces(Utf8JsonWriter json, EventAppender appender)
    {
        if (appender.Places is null)
        {
            json.WriteNull("events");
            return;
        }

        json.WriteStartArray("events");
        foreach (var place in appender.Places)
        {
            json.WriteStartObject();
            WritePlace(json, place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WritePlace(Utf8JsonWriter json, (int Partition, long Offset) place)
    {
        json.WriteNumber("partition", place.Partition);
        json.WriteNumber("offset", place.Offset);
    }
}
