using System.Text;
using System.Text.Json.Nodes;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Events as tests send them, as the scripts write them, and as the log holds them.</summary>
internal static class ClientEvents
{
    public const long Time = 1_700_000_000_000;

    /// <summary>Events with everything that a client can send: null and empty keys and bodies, repeated, empty and null headers, any bytes.</summary>
    public static List<Event> For(ScriptedClient client, int count) => [.. Enumerable.Range(0, count).Select(i => new Event(
        Time + (10 * i),
        (i % 5) switch { 0 => (ReadOnlyMemory<byte>?)null, 2 => Bytes(""), _ => Bytes($"key {i}") },
        Headers(client.SendsHeadersOfEach ? i : 7, client.SendsNullHeaders),
        (i % 5) switch { 1 => (ReadOnlyMemory<byte>?)null, 3 => Bytes(""), _ => client.SendsBinary ? Binary(i) : Bytes($"body {i} {new string('x', 300)}") }))];

    /// <summary>The same with nothing left out, for what is put into the log by the test itself.</summary>
    public static List<Event> OfEveryKind(int count) =>
        [.. For(new ScriptedClient("any", "any"), count), new Event(Time + (10 * count), null, [], null), new Event(Time + (10 * count), Bytes(""), [], Bytes(""))];

    public static Event Text(string body, int i = 0) => new(Time + (10 * i), null, [], Bytes(body));

    public static JsonObject ToJson(this Event e) => new()
    {
        ["key"] = Base64(e.Key),
        ["value"] = Base64(e.Body),
        ["timestamp"] = e.Timestamp,
        ["headers"] = new JsonArray([.. e.Headers.Select(h => (JsonNode)new JsonArray(h.Key, Base64(h.Value)))]),
    };

    /// <summary>All that an event says, in one line; what a script wrote and what was sent are compared so.</summary>
    public static string Describe(this JsonNode e, bool withTimestamp = true) =>
        $"{e["key"] ?? "null"}|{e["value"] ?? "null"}|{(withTimestamp ? e["timestamp"] : "")}|{string.Join(';', e["headers"]!.AsArray().Select(h => $"{h![0]}={h[1] ?? "null"}"))}";

    /// <summary>Everything of a partition, and the batches that hold it.</summary>
    public static async Task<(List<Event> Events, List<RecordBatchHeader> Batches)> ReadAllAsync(this SpewTestNode node, LogPartition partition)
    {
        var events = new List<Event>();
        var headers = new List<RecordBatchHeader>();
        for (long next = partition.StartOffset; next < partition.HighWatermark;)
        {
            using LogRead read = await node.Log.ReadAsync(partition, next, 1 << 20);
            foreach (LogBatch batch in read.Batches)
            {
                headers.Add(Take(batch.Batch.Span, events));
            }

            next = read.NextOffset;
        }

        return (events, headers);
    }

    private static RecordBatchHeader Take(ReadOnlySpan<byte> batch, List<Event> events)
    {
        using var reader = new RecordBatchReader(batch);
        while (reader.MoveNext())
        {
            events.Add(reader.Current.ToEvent());
        }

        return reader.Header;
    }

    private static List<EventHeader> Headers(int i, bool withNull)
    {
        List<EventHeader> headers = [.. Enumerable.Range(0, i % 3).Select(n => new EventHeader("trace", Bytes($"{i}/{n}")))];
        if (i % 2 == 1)
        {
            headers.AddRange([new EventHeader("größe", Bytes("groß")), new EventHeader("empty", Bytes(""))]);
            headers.AddRange(withNull ? [new EventHeader("nothing", null)] : []);
        }

        return headers;
    }

    private static ReadOnlyMemory<byte> Binary(int i) => Enumerable.Range(0, 256).Select(b => (byte)(b + i)).Concat(new byte[200]).ToArray();

    private static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static JsonValue? Base64(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? JsonValue.Create(Convert.ToBase64String(some.Span)) : null;
}
