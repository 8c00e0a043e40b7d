using System.Text;
using System.Text.Json;
using TattleTail.Events;
using TattleTail.Log.Appending;

namespace TattleTail.Log.Recovery;

/// <summary>
/// The internal channel <c>_tattletail.ledger</c>: one JSON event for each hole in a partition that is not the source's own, with the reason. It is made when there is something to
/// write, archived as any channel, and nobody else writes it.
/// </summary>
internal sealed class Ledger(LogCore log, Appender appender, Func<string, int, ChannelConfig, string, ValueTask<Channel>> create)
{
    public const string Name = "_tattletail.ledger";

    public async ValueTask WriteAsync(IReadOnlyList<FoundGap> gaps)
    {
        if (gaps.Count == 0)
        {
            return;
        }

        Channel? ledger;
        lock (log.Gate)
        {
            ledger = log.Channels.Find(Name);
        }

        ledger ??= await create(Name, 1, new ChannelConfig(), LogCore.OwnSource);
        var now = log.NowMicros;
        await appender.AppendUncheckedAsync(ledger.Partitions[0], [.. gaps.Select(gap => EventOf(gap, now))]);
    }

    private static Event EventOf(FoundGap gap, long nowMicros)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            var channel = gap.Partition.Channel;
            json.WriteStartObject();
            json.WriteString("kind", "gap");
            json.WriteString("channel", channel.Name);
            json.WriteNumber("incarnation", channel.Incarnation);
            json.WriteString("topicId", channel.TopicId);
            json.WriteNumber("partition", gap.Partition.Index);
            json.WriteNumber("from", gap.Gap.From);
            json.WriteNumber("to", gap.Gap.To);
            json.WriteBoolean("upperBound", gap.IsUpperBound);
            json.WriteString("reason", gap.Reason);
            json.WriteEndObject();
        }

        var key = Encoding.UTF8.GetBytes(gap.Partition.Channel.Name);
        return new Event(nowMicros / 1_000, key, [new EventHeader("content-type", "application/json"u8.ToArray())], body.ToArray());
    }
}
