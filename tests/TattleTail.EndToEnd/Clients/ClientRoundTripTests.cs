using System.Text.Json.Nodes;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>What clients of other languages publish, in the log and read back by them.</summary>
public sealed class ClientRoundTripTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private const int Events = 30;

    /// <summary>librdkafka sends as it is what compression does not make smaller, and how many events share a batch is a matter of time.</summary>
    private const int LeastCompressed = 150;

    [Theory]
    [MemberData(nameof(ScriptedClient.OnBothPaths), MemberType = typeof(ScriptedClient))]
    public async Task Events_WithEveryCodec_ComeBackAsTheyWereSent(string name, bool throughArchive)
    {
        ScriptedClient client = ScriptedClient.Named(name);
        SpewTestNode node = nodes.Node(throughArchive);
        List<Event> sent = ClientEvents.For(client, Events);
        await using ClientSession producer = ClientSession.Start(client, node.Bootstrap, "produce");
        await using ClientSession consumer = ClientSession.Start(client, node.Bootstrap, "consume");
        foreach (BatchCompression codec in Enum.GetValues<BatchCompression>())
        {
            foreach (bool idempotent in client.SendsIdempotently ? [false, true] : (bool[])[false])
            {
                Channel channel = await nodes.CreateAsync(throughArchive, $"round-{codec}");
                JsonObject told = await producer.AskAsync(Produce(channel, codec, idempotent, sent));
                JsonObject read = await consumer.AskAsync(new { topic = channel.Name, offset = 0, count = Events });

                (List<Event> kept, List<RecordBatchHeader> batches) = await node.ReadAllAsync(channel.Partitions[0]);
                string[] expected = [.. sent.Select(e => e.ToJson().Describe(client.SendsTimestamps))];
                Assert.Equal(expected, kept.Select(e => e.ToJson().Describe(client.SendsTimestamps)));
                Assert.Equal(expected, read["events"]!.AsArray().Select(e => e!.Describe(client.SendsTimestamps)));
                Assert.Equal(kept.Select(e => e.ToJson().Describe()), read["events"]!.AsArray().Select(e => e!.Describe()));
                Assert.Equal(Enumerable.Range(0, Events), read["events"]!.AsArray().Select(e => e!["offset"]!.GetValue<int>()));
                if (client.TellsOffsets)
                {
                    Assert.Equal(Enumerable.Range(0, Events), told["offsets"]!.AsArray().Select(o => o!.GetValue<int>()));
                }

                // The archive keeps neither how batches were compressed nor who sent them.
                if (!throughArchive)
                {
                    Assert.All(batches, batch => Assert.Equal((batch.TotalSize < LeastCompressed ? batch.Compression : codec, idempotent), (batch.Compression, batch.ProducerId >= 0)));
                    Assert.Contains(batches, batch => batch.Compression == codec);
                }
            }
        }

        await producer.EndAsync();
        await consumer.EndAsync();
    }

    private static JsonObject Produce(Channel channel, BatchCompression codec, bool idempotent, List<Event> events)
    {
        var command = new JsonObject
        {
            ["topic"] = channel.Name,
            ["codec"] = codec.ToString().ToUpperInvariant() switch { "GZIP" => "gzip", "SNAPPY" => "snappy", "LZ4" => "lz4", "ZSTD" => "zstd", _ => "none" },
            ["messages"] = new JsonArray([.. events.Select(e => (JsonNode)e.ToJson())]),
        };
        if (idempotent)
        {
            command["idempotent"] = true;
        }

        return command;
    }
}
