using System.Text;
using TattleTail.Archive;
using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.EndToEnd.Engines;

/// <summary>An archive on disk with every awkward value that an event may have, in several files and row groups, and the rows that were written.</summary>
public sealed class EngineTable : IAsyncLifetime
{
    private const long FirstRecorded = 1_777_863_721_000_001; // 2026-05-04T03:02:01.000001Z
    private const long Month = 32L * 86_400_000_000;

    private static readonly long[] Timestamps =
    [
        1_777_863_721_000, 1_777_863_722_999, -1, 0, long.MinValue, long.MaxValue, -62_135_596_800_000, -62_135_596_800_001, 253_402_300_799_999, 253_402_300_800_000, 1_777_863_721_000_001, 1_777_863_721_000_000_001, -2,
    ];

    private static readonly string?[] Types = ["order.placed", "order.shipped", null, "～", "🔑", "ключ", new string('t', 900), new string('t', 900) + "2"];

    /// <summary>The table's folder.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("tattletail-engines-").FullName;

    /// <summary>The paths of its live files.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    internal List<TableRow> Rows { get; } = [];

    public async ValueTask InitializeAsync()
    {
        var store = await LocalStore.OpenAsync(new OperatingSystemFiles(), Path);
        using var archive = await EventArchive.OpenAsync(new ArchiveOptions { Store = store, Clock = TimeProvider.System, Random = new Random(7), Workers = TaskScheduler.Default, RowGroupBytes = 6_000 });
        string[] channels = ["orders", "Orders", "__HIVE_DEFAULT_PARTITION__", "-a.", "con", "x_41", new('X', 249)];
        for (var i = 0; i < channels.Length; i++)
        {
            var stream = new ArchiveStream(channels[i], 1 + (i % 2), new Guid(i + 1, 0, 0, new byte[8]), i == 0 ? "spew" : "kafka-eu", $"the/topic {channels[i]} é");
            await CommitAsync(archive, stream, FirstRecorded + i, i == 0 ? 3 : 1);
            await CommitAsync(archive, stream, FirstRecorded + (40 * 7_000_003L) + i, 1); // a second file, so that an OPTIMIZE has something to do
            await CommitAsync(archive, stream, FirstRecorded + Month + i, 1);
        }

        Files = [.. archive.Files().Select(f => $"{Path}/{f.Path}")];
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Path, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task CommitAsync(EventArchive archive, ArchiveStream stream, long recorded, int partitions)
    {
        using var writer = archive.StartFile(stream);
        var positions = new List<SealedPosition>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var from = archive.SealedThrough(stream.TopicId, partition) ?? 0;
            var offset = from;
            for (var i = 0; i < 40; i++, offset += 1 + (i % 3))
            {
                var type = (TimestampType)(i % 2);
                var e = Create(stream, partition, (int)offset, Timestamps[i % Timestamps.Length], Types[i % Types.Length]);
                var recordedAt = recorded + (i * 7_000_003L);
                var builder = new RecordBatchBuilder();
                builder.Start(offset, 0, type);
                builder.TryAdd(offset, e);
                writer.Append(partition, recordedAt, builder.Finish().Span, 0);
                Rows.Add(new TableRow(
                    stream.Channel, stream.Source, stream.Address, stream.Incarnation, partition, offset, type, recordedAt, Header(e, "ce_id"), Header(e, "ce_type"), Header(e, "ce_correlationid"),
                    Header(e, "ce_causationid"), e));
            }

            positions.Add(new SealedPosition(stream.TopicId, partition, from, offset));
        }

        using var file = writer.Finish();
        var outcome = await archive.CommitAsync([file], positions);
        Assert.Equal(SealResult.Committed, outcome.Result);
    }

    private static Event Create(ArchiveStream stream, int partition, int number, long timestamp, string? type)
    {
        var headers = new List<EventHeader> { new("dup", Utf8("1")), new("dup", null), new("", Utf8("")), new("dup", Utf8("1")), new("ключ 🔑", new byte[] { 0, 255 }) };
        if (type is not null)
        {
            headers.AddRange([new("ce_specversion", Utf8("1.0")), new("ce_id", Utf8($"id-{stream.Incarnation}-{partition}-{number}")), new("ce_source", Utf8("/s")), new("ce_type", Utf8(type))]);
        }

        if (number % 3 == 0)
        {
            headers.AddRange([new("ce_correlationid", Utf8($"flow-{number % 5}")), new("ce_causationid", Utf8($"cause-{number % 7}"))]);
        }

        ReadOnlyMemory<byte>? key = (number % 4) switch { 0 => null, 1 => Array.Empty<byte>(), 2 => new byte[] { 0, 255, (byte)number }, _ => Utf8($"key-{number % 9}") };
        ReadOnlyMemory<byte>? body = (number % 5) switch { 0 => null, 1 => Array.Empty<byte>(), 2 => new byte[] { 0xff, 0 }, _ => Utf8($"{{\"n\":{number},\"pad\":\"{new string('p', number % 200)}\"}}") };
        return new Event(timestamp, key, number % 6 == 5 && type is null ? [] : headers, body);
    }

    private static string? Header(Event e, string key) => e.Headers.Where(h => h.Key == key).Select(h => Encoding.UTF8.GetString(h.Value!.Value.Span)).FirstOrDefault();

    private static ReadOnlyMemory<byte> Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
