using System.Buffers.Binary;
using System.IO.Compression;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Log;

namespace TattleTail.Server.Tests.Golden;

/// <summary>What the golden folders hold: something of each thing that a format has a place for.</summary>
internal static class GoldenEvents
{
    public const long ProducerId = 4;

    /// <summary>Offset of the producer's batch in partition 1 of <c>orders</c>.</summary>
    public const long ProducedAt = 3;

    private static readonly long[] Times = [-1, 0, long.MinValue, long.MaxValue, 1_700_000_000_000_000, 1_700_000_000_000_000_000, 1_700_000_000_000];

    /// <summary>Events in the archive only, in both, in the journal only; a closed incarnation; both clocks; a compressed batch of an idempotent producer.</summary>
    public static async Task PublishAsync(EventLog log)
    {
        var orders = await log.CreateChannelAsync("orders", 3);
        var small = await log.CreateChannelAsync("Orders", 1, new ChannelConfig { TimestampType = TimestampType.LogAppendTime, MaxMessageBytes = 2_000 });
        var closed = await log.CreateChannelAsync("con", 1);
        for (var i = 0; i <= ProducerId; i++)
        {
            await log.AllocateProducerIdAsync();
        }

        foreach (var time in Times)
        {
            await log.AppendEventsAsync(orders.Partitions[0], [Of(time, "time")]);
        }

        await log.AppendEventsAsync(orders.Partitions[1], [Of(1, "first"), new Event(2, null, [], null), new Event(3, ReadOnlyMemory<byte>.Empty, [new("h", null), new("h", new byte[] { 0, 255 })], new byte[] { 0xFF, 0 })]);
        await log.AppendBatchAsync(orders.Partitions[1], Produced());
        await log.AppendEventsAsync(small.Partitions[0], [Of(5, "stamped"), Of(6, "stamped too")]);
        await log.AppendEventsAsync(closed.Partitions[0], [Of(7, "of the incarnation before")]);
        await log.CloseChannelAsync(closed);
        var again = await log.CreateChannelAsync("con", 1);
        await log.AppendEventsAsync(again.Partitions[0], [Of(8, "of the incarnation after")]);
        await FillAsync(log, orders.Partitions[2], 500);
        await log.SealAsync();
        await FillAsync(log, orders.Partitions[2], 500);
        await log.AppendEventsAsync(orders.Partitions[0], [Of(9, "not yet sealed")]);
        await log.AppendEventsAsync(again.Partitions[0], [Of(10, "not yet sealed")]);
    }

    /// <summary>The batch of a producer as it came, with gzip.</summary>
    public static byte[] Produced()
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        for (var i = 0; i < 20; i++)
        {
            builder.TryAdd(i, Of(1_600_000_000_000 + i, $"produced {i}"));
        }

        var plain = builder.Finish();
        using var target = new MemoryStream();
        target.Write(plain.Span[..RecordBatchHeader.Size]);
        using (var gzip = new GZipStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain.Span[RecordBatchHeader.Size..]);
        }

        var batch = target.ToArray();
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(21), (short)BatchCompression.Gzip);
        BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), 0);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), 0);
        BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>Enough for several segments, a snapshot and a trim.</summary>
    private static async Task FillAsync(EventLog log, LogPartition partition, int events)
    {
        for (var i = 0; i < events; i++)
        {
            await log.AppendEventsAsync(partition, [Of(i, new string((char)('a' + (i % 26)), 3_000))]);
        }
    }

    private static Event Of(long time, string body) =>
        new(time, "key"u8.ToArray(), [new EventHeader("ce_type", "order.placed"u8.ToArray())], System.Text.Encoding.UTF8.GetBytes(body));
}
