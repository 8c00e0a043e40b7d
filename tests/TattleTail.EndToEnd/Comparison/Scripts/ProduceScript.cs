using System.Buffers.Binary;
using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Sound and unsound batches, and all kinds of acknowledgement.</summary>
internal static class ProduceScript
{
    private const string Topic = "produce";
    private const short Latest = 11;

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync(Topic, 1, ("max.message.bytes", "2000"));
        foreach (short version in (short[])[3, 5, 7, 8, 9, 10, 11])
        {
            await SendAsync(broker, $"produce, version {version}", Batches.Of("one", "two"), version: version);
        }

        await AcknowledgementsAsync(broker);
        await UnsoundAsync(broker);
        await TimesAsync(broker);
        await PlacesAsync(broker);
        await FetchScript.FetchAsync(broker, "what was produced", Topic, 0);
        await LenientAsync(broker);
    }

    private static async Task AcknowledgementsAsync(Conversation broker)
    {
        foreach (short acks in (short[])[1, 2, -2])
        {
            await SendAsync(broker, $"produce, acks {acks}", Batches.Of("acks"), acks: acks);
        }

        await broker.TellAsync(Latest, KafkaSocketCalls.ProduceRequest(Topic, 0, Batches.Of("no acks"), 0));
        await broker.AskAsync<MetadataRequest, MetadataResponse>("after a batch without acks", 12, new MetadataRequest { Topics = [] });
        byte[] bad = await broker.FrameAsync(Latest, KafkaSocketCalls.ProduceRequest(Topic, 7, Batches.Of("no acks"), 0));
        broker.Transcript.Add("a bad batch without acks", "connection", await broker.SendFrameAsync(bad) is null ? "closed" : "answered");
    }

    private static async Task UnsoundAsync(Conversation broker)
    {
        await SendAsync(broker, "produce, too large", Batches.Of(new string('x', 2000)));
        await SendAsync(broker, "produce, null", null);
        await SendAsync(broker, "produce, no bytes", []);
        await SendAsync(broker, "produce, two batches", [.. Batches.Of("a"), .. Batches.Of("b")]);
        await SendAsync(broker, "produce, half a batch", Batches.Of("a")[..65]);
        await SendAsync(broker, "produce, less than a header", Batches.Of("a")[..16]);
        await SendAsync(broker, "produce, bad checksum", Changed(batch => batch[20] ^= 1, sign: false));
        await SendAsync(broker, "produce, magic 1", Changed(batch => batch[16] = 1));
        await SendAsync(broker, "produce, magic 3", Changed(batch => batch[16] = 3));
        await SendAsync(broker, "produce, count too large", Changed(batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 3)));
        await SendAsync(broker, "produce, count 0", Changed(batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), 0)));
        await SendAsync(broker, "produce, last offset too large", Changed(batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(23), 5)));
        await SendAsync(broker, "produce, leader epoch 7", Changed(batch => BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(12), 7)));
        await SendAsync(broker, "produce, not compressed as said", Changed(batch => batch[22] = 1));
        await SendAsync(broker, "produce, unknown compression", Changed(batch => batch[22] = 5));
        await SendAsync(broker, "produce, zstd to version 6", Changed(batch => batch[22] = 4), version: 6);
        await SendAsync(broker, "produce, control batch", Changed(batch => batch[22] = 0x20));
        await SendAsync(broker, "produce, times of the log", Changed(batch => batch[22] = 0x08));
        await SendAsync(broker, "produce, record length too large", Changed(batch => batch[61] = 100));
    }

    private static async Task TimesAsync(Conversation broker)
    {
        long now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        await SendAsync(broker, "produce, two hours ahead", Batches.Of(now + 7_200_000, -1, -1, -1, "ahead"));
        await SendAsync(broker, "produce, no time", Batches.Of(-1, -1, -1, -1, "no time"));
        await SendAsync(broker, "produce, time 0", Batches.Of(0, -1, -1, -1, "time 0"));
        await SendAsync(broker, "produce, wrong largest time", Changed(batch => BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(35), 5)));
        await broker.CreateAsync("produce-log-time", 1, ("message.timestamp.type", "LogAppendTime"));
        await SendAsync(broker, "produce to a topic with times of the log", Batches.Of("a", "b"), topic: "produce-log-time");
        await SendAsync(broker, "produce, two hours ahead, to a topic with times of the log", Batches.Of(now + 7_200_000, -1, -1, -1, "ahead"), topic: "produce-log-time");
        await FetchScript.FetchAsync(broker, "what was produced with times of the log", "produce-log-time", 0);
    }

    private static async Task PlacesAsync(Conversation broker)
    {
        await SendAsync(broker, "produce, unknown partition", Batches.Of("a"), partition: 1);
        await SendAsync(broker, "produce, partition -1", Batches.Of("a"), partition: -1);
        await SendAsync(broker, "produce, bad name", Batches.Of("a"), topic: "a b");
        await SendAsync(broker, "produce, unknown topic", Batches.Of("a"), topic: "produce-unknown");
        await broker.CreateAsync("produce-compacted", 1, ("cleanup.policy", "compact"));
        await SendAsync(broker, "produce without a key to a compacted topic", Batches.Of("a"), topic: "produce-compacted");
        await broker.AskAsync<ProduceRequest, ProduceResponse>("produce nothing", Latest, new ProduceRequest { Acks = -1, TimeoutMs = 10_000, TopicData = [] });
    }

    /// <summary>What one broker takes and the other does not, last and to a topic that nobody reads.</summary>
    private static async Task LenientAsync(Conversation broker)
    {
        const string topic = "produce-lenient";
        await broker.CreateAsync(topic);
        await SendAsync(broker, "produce, transactional batch", Changed(batch => batch[22] = 0x10), topic: topic);
        await SendAsync(broker, "produce, transactional id", Batches.Of("transaction"), topic: topic, transactionalId: "transaction");
        await SendAsync(broker, "produce, base offset 5", Changed(batch => BinaryPrimitives.WriteInt64BigEndian(batch, 5)), topic: topic);
    }

    private static byte[] Changed(Action<byte[]> change, bool sign = true)
    {
        byte[] batch = Batches.Of("body");
        change(batch);
        return sign ? Batches.Sign(batch) : batch;
    }

    private static Task<ProduceResponse> SendAsync(
        Conversation broker, string step, byte[]? batch, short acks = -1, short version = Latest, string topic = Topic, int partition = 0, string? transactionalId = null) =>
        broker.AskAsync<ProduceRequest, ProduceResponse>(step, version, KafkaSocketCalls.ProduceRequest(topic, partition, batch, acks, transactionalId));
}
