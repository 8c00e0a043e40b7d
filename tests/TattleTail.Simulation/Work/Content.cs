using System.Globalization;
using System.Text;
using TattleTail.Events;
using TattleTail.Simulation.Checking;

namespace TattleTail.Simulation.Work;

/// <summary>Draws events of every awkward kind: no key, empty key, no body, doubled headers, null values, odd timestamps, large ones.</summary>
internal static class Content
{
    private static readonly long[] OddTimes = [-1, 0, 1, -62_135_596_800_001, 1_500_000_000_000_000 - 1_498_300_000_000_000];

    public static List<SentEvent> Draw(World world, string sender, Guid topic, int partition, bool oddTimes)
    {
        var count = 1 + world.Random.Next(4);
        var events = new List<SentEvent>(count);
        for (var index = 0; index < count; index++)
        {
            var number = world.Ledger.NextNumber();
            var id = string.Create(CultureInfo.InvariantCulture, $"{sender}-{number}");
            var sent = new SentEvent(id, sender, topic, partition, Record(world, id, oddTimes)) { Order = number };
            world.Ledger.Send(sent);
            events.Add(sent);
        }

        return events;
    }

    /// <summary>The same event for the log's surface of event objects.</summary>
    public static Event ToEvent(SentEvent sent) => new(
        sent.Content.Timestamp,
        sent.Content.Key is { } key ? new ReadOnlyMemory<byte>(key) : default(ReadOnlyMemory<byte>?),
        [.. sent.Content.Headers.Select(header => new EventHeader(header.Key, header.Value is { } value ? new ReadOnlyMemory<byte>(value) : default(ReadOnlyMemory<byte>?)))],
        sent.Content.Body is { } body ? new ReadOnlyMemory<byte>(body) : default(ReadOnlyMemory<byte>?));

    private static WireRecord Record(World world, string id, bool oddTimes)
    {
        var random = world.Random;
        var time = oddTimes && random.Next(4) == 0 ? OddTimes[random.Next(OddTimes.Length)] : world.Now - random.Next(10_000);
        var headers = new List<(string, byte[]?)> { (SentEvent.IdHeader, Encoding.ASCII.GetBytes(id)) };
        for (var more = random.Next(4); more > 0; more--)
        {
            headers.Add(random.Next(4) switch
            {
                0 => ("ce_type", "thing.done"u8.ToArray()),
                1 => ("twice", null),
                2 => ("twice", []),
                _ => ("é", Bytes(random, 12)),
            });
        }

        var key = random.Next(4) switch { 0 => null, 1 => [], _ => Bytes(random, 20) };
        var body = random.Next(40) switch { 0 => null, 1 => [], 2 => Bytes(random, 60_000), _ => Bytes(random, 900) };
        return new WireRecord(-1, time, key, headers, body);
    }

    private static byte[] Bytes(Random random, int most)
    {
        var bytes = new byte[random.Next(most)];
        random.NextBytes(bytes);
        return bytes;
    }
}
