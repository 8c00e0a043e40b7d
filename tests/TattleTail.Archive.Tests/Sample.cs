using System.Text;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

/// <summary>Archives, streams and events for tests.</summary>
internal static class Sample
{
    /// <summary>2026-05-04T03:02:01.000001Z in µs.</summary>
    public const long Recorded = 1_777_863_721_000_001;

    public static ArchiveStream Stream(string channel = "orders", int incarnation = 1) =>
        new(channel, incarnation, new Guid(incarnation, 7, 7, [1, 2, 3, 4, 5, 6, 7, (byte)channel.Length]), "spew", channel);

    public static ValueTask<EventArchive> OpenAsync(IObjectStore store, int seed = 1, int? rowGroupBytes = null) =>
        OpenAsync(store, options => options with { Random = new Random(seed), RowGroupBytes = rowGroupBytes ?? options.RowGroupBytes });

    public static ValueTask<EventArchive> OpenAsync(IObjectStore store, Func<ArchiveOptions, ArchiveOptions> configure) =>
        EventArchive.OpenAsync(configure(new ArchiveOptions { Store = store, Clock = new StoppedClock(), Random = new Random(1), Workers = TaskScheduler.Default }));

    /// <summary>An event without anything special.</summary>
    public static Event Plain(int number, long? timestamp = null) => new(
        timestamp ?? 1_777_863_721_000 + number,
        Utf8($"key-{number}"),
        [new EventHeader("ce_id", Utf8($"id-{number}")), new EventHeader("ce_type", Utf8("order.placed")), new EventHeader("ce_specversion", Utf8("1.0")), new EventHeader("ce_source", Utf8("/t"))],
        Utf8($"{{\"number\":{number}}}"));

    public static IEnumerable<Event> Plain(int from, int count) => Enumerable.Range(from, count).Select(i => Plain(i));

    public static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>One batch of events at consecutive offsets.</summary>
    public static byte[] Batch(long firstOffset, IEnumerable<Event> events, TimestampType type = TimestampType.CreateTime) =>
        Batch([.. events.Select((e, i) => (firstOffset + i, e))], type);

    /// <summary>One batch of events at given offsets.</summary>
    public static byte[] Batch(IReadOnlyList<(long Offset, Event Event)> events, TimestampType type = TimestampType.CreateTime)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(events[0].Offset, 3, type);
        foreach (var (offset, e) in events)
        {
            Assert.True(builder.TryAdd(offset, e));
        }

        return builder.Finish().ToArray();
    }

    public static EncodedFile Encode(EventArchive archive, ArchiveStream stream, int partition, byte[] batch, long recordedAt = Recorded)
    {
        using var writer = archive.StartFile(stream);
        writer.Append(partition, recordedAt, batch, 0);
        return writer.Finish();
    }

    /// <summary>Commits plain events of partition 0 in a file of their own.</summary>
    public static async Task<SealOutcome> CommitAsync(EventArchive archive, ArchiveStream stream, int firstOffset, int count, long recordedAt = Recorded)
    {
        using var file = Encode(archive, stream, 0, Batch(firstOffset, Plain(firstOffset, count)), recordedAt);
        return await archive.CommitAsync([file], [new SealedPosition(stream.TopicId, 0, firstOffset, firstOffset + count)]);
    }

    /// <summary>Reads a partition of a file from an offset to its end, as rows of text.</summary>
    public static async Task<List<string>> ReadAllAsync(EventArchive archive, ArchiveFile file, int partition, long from = 0, int maxBytes = 100_000)
    {
        var rows = new List<string>();
        for (var next = from; ;)
        {
            using var read = await archive.ReadAsync(file, partition, next, maxBytes);
            if (read.Batches.Count == 0)
            {
                return rows;
            }

            foreach (var batch in read.Batches)
            {
                Assert.Equal(BatchFault.None, CheckFramed(batch.Batch.Span));
                rows.AddRange(Rows(batch.Batch.ToArray()).Where(r => r.Offset >= next).Select(r => r.Text));
                Assert.True(RecordBatchHeader.TryRead(batch.Batch.Span, out var header));
                next = header.LastOffset + 1;
            }
        }
    }

    public static IEnumerable<(long Offset, string Text)> Rows(byte[] batch)
    {
        var rows = new List<(long, string)>();
        using var reader = new RecordBatchReader(batch);
        while (reader.MoveNext())
        {
            rows.Add((reader.Current.Offset, Text(reader.Current.Offset, reader.Header.TimestampType, reader.Current.ToEvent())));
        }

        return rows;
    }

    public static string Text(long offset, TimestampType type, Event e)
    {
        var headers = string.Join(",", e.Headers.Select(h => $"{h.Key}={Text(h.Value)}"));
        return $"{offset} {type} {e.Timestamp} {Text(e.Key)} [{headers}] {Text(e.Body)}";
    }

    private static string Text(ReadOnlyMemory<byte>? bytes) => bytes is { } b ? $"'{Convert.ToBase64String(b.Span)}'" : "null";

    /// <summary>A framed batch may have holes, which a producer's may not; all else is checked.</summary>
    private static BatchFault CheckFramed(ReadOnlySpan<byte> batch) => RecordBatch.CrcMatches(batch) ? BatchFault.None : BatchFault.CrcMismatch;

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Recorded / 1000);
    }
}
