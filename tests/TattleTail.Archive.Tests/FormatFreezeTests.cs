using System.Text.Json;
using ParquetSharp;
using ParquetSharp.IO;
using TattleTail.Events;

namespace TattleTail.Archive.Tests;

/// <summary>What docs/formats/archive.md says, so that no later change of the code changes it unseen.</summary>
public sealed class FormatFreezeTests
{
    private readonly ScriptedStore _store = new();

    [Fact]
    public async Task Version0_ProtocolAndMetadata_AreFrozen()
    {
        await Sample.OpenAsync(_store);
        var actions = Actions("_delta_log/00000000000000000000.json");

        Assert.Equal("""{"minReaderVersion":1,"minWriterVersion":7,"writerFeatures":["tattletail.log"]}""", actions["protocol"].GetRawText());
        var metadata = actions["metaData"];
        Assert.Equal("""["channel","recorded_month"]""", metadata.GetProperty("partitionColumns").GetRawText());
        Assert.Equal("""{"delta.enableExpiredLogCleanup":"false"}""", metadata.GetProperty("configuration").GetRawText());
        Assert.Equal("parquet", metadata.GetProperty("format").GetProperty("provider").GetString());
        using var schema = JsonDocument.Parse(metadata.GetProperty("schemaString").GetString()!);
        var fields = schema.RootElement.GetProperty("fields").EnumerateArray().Select(f =>
            $"{f.GetProperty("name").GetString()} {(f.GetProperty("type").ValueKind == JsonValueKind.String ? f.GetProperty("type").GetString() : "list")}");
        Assert.Equal(
            [
                "channel string", "recorded_month string", "recorded_date date", "source string", "address string", "incarnation integer", "partition_id integer",
                "event_offset long", "event_time timestamp", "event_time_raw long", "event_time_type string", "recorded_at timestamp", "event_id string", "event_type string",
                "correlation_id string", "causation_id string", "event_key binary", "headers list", "body binary",
            ], fields);
    }

    [Fact]
    public async Task Commit_Actions_AreFrozen()
    {
        var archive = await Sample.OpenAsync(_store);
        using var file = Sample.Encode(archive, Sample.Stream(), 2, Sample.Batch([(5, Sample.Plain(1)), (9, Sample.Plain(2, timestamp: -1))]));
        await archive.CommitAsync([file], [new SealedPosition(Sample.Stream().TopicId, 2, 0, 12)]);
        var actions = Actions("_delta_log/00000000000000000001.json");

        Assert.Equal("tattletail/00000001-0007-0007-0102-030405060706/2", actions["txn"].GetProperty("appId").GetString());
        Assert.Equal(12, actions["txn"].GetProperty("version").GetInt64());
        Assert.NotEmpty(actions["commitInfo"].GetProperty("txnId").GetString()!);
        var add = actions["add"];
        Assert.Matches("^data/c-orders/2026-05/[0-9a-f]{32}[.]parquet$", add.GetProperty("path").GetString()!);
        Assert.Equal("""{"channel":"orders","recorded_month":"2026-05"}""", add.GetProperty("partitionValues").GetRawText());
        Assert.True(add.GetProperty("dataChange").GetBoolean());
        using var stats = JsonDocument.Parse(add.GetProperty("stats").GetString()!);
        Assert.Equal(2, stats.RootElement.GetProperty("numRecords").GetInt64());
        Assert.Equal(
            "event_offset=5 event_time=\"2026-05-04T03:02:01.001Z\" event_type=\"order.placed\" partition_id=2 recorded_at=\"2026-05-04T03:02:01.000Z\" recorded_date=\"2026-05-04\"",
            Sorted(stats.RootElement.GetProperty("minValues")));
        Assert.Equal(
            "event_offset=9 event_time=\"2026-05-04T03:02:01.001Z\" event_type=\"order.placed\" partition_id=2 recorded_at=\"2026-05-04T03:02:01.001Z\" recorded_date=\"2026-05-04\"",
            Sorted(stats.RootElement.GetProperty("maxValues")));
        Assert.Equal("event_offset=0 event_time=1 event_type=0 partition_id=0 recorded_at=0 recorded_date=0", Sorted(stats.RootElement.GetProperty("nullCount")));
        Assert.Equal(
            $"tattletail.address=\"orders\" tattletail.events=\"2\" tattletail.incarnation=\"1\" tattletail.partitions=\"2:5:9:2:-1:1777863721001\" tattletail.recorded=\"1777863721000001:1777863721000001\" "
            + $"tattletail.sha256=\"{file.File.Sha256}\" tattletail.source=\"spew\" tattletail.topic_id=\"00000001-0007-0007-0102-030405060706\"",
            Sorted(add.GetProperty("tags")));
    }

    [Fact]
    public async Task Commit_AllEventTimesNull_HasNoMinimumAndMaximum()
    {
        var archive = await Sample.OpenAsync(_store);
        using var file = Sample.Encode(archive, Sample.Stream(), 0, Sample.Batch(0, [new Event(long.MaxValue, null, [], null)]));
        await archive.CommitAsync([file], []);
        using var stats = JsonDocument.Parse(Actions("_delta_log/00000000000000000001.json")["add"].GetProperty("stats").GetString()!);

        Assert.False(stats.RootElement.GetProperty("minValues").TryGetProperty("event_time", out _));
        Assert.False(stats.RootElement.GetProperty("maxValues").TryGetProperty("event_type", out _));
        Assert.Equal(1, stats.RootElement.GetProperty("nullCount").GetProperty("event_time").GetInt64());
        Assert.Equal(1, stats.RootElement.GetProperty("nullCount").GetProperty("event_type").GetInt64());
    }

    [Fact]
    public async Task File_Columns_AreFrozen()
    {
        var archive = await Sample.OpenAsync(_store);
        using var file = Sample.Encode(archive, Sample.Stream(), 0, Sample.Batch(0, Sample.Plain(0, 10)));
        using var stream = new MemoryStream(System.Buffers.BuffersExtensions.ToArray(file.Content));
        using var access = new ManagedRandomAccessFile(stream);
        using var reader = new ParquetFileReader(access);
        using var group = reader.RowGroup(0);
        var columns = new List<string>();
        for (var i = 0; i < reader.FileMetaData.NumColumns; i++)
        {
            var column = reader.FileMetaData.Schema.Column(i);
            using var chunk = group.MetaData.GetColumnChunkMetaData(i);
            Assert.Equal(Compression.Zstd, chunk.Compression);
            var bounded = chunk.Statistics is { HasMinMax: true };
            columns.Add($"{column.Path.ToDotString()} {column.PhysicalType} {column.LogicalType.Type} {column.MaxDefinitionLevel}{column.MaxRepetitionLevel} {(bounded ? "stats" : "-")}");
        }

        Assert.Equal(
            [
                "channel ByteArray String 00 stats", "recorded_month ByteArray String 00 stats", "recorded_date Int32 Date 00 stats", "source ByteArray String 00 stats",
                "address ByteArray String 00 stats", "incarnation Int32 None 00 stats", "partition_id Int32 None 00 stats", "event_offset Int64 None 00 stats",
                "event_time Int64 Timestamp 10 stats", "event_time_raw Int64 None 00 stats", "event_time_type ByteArray String 00 stats", "recorded_at Int64 Timestamp 00 stats",
                "event_id ByteArray String 10 stats", "event_type ByteArray String 10 stats", "correlation_id ByteArray String 10 -", "causation_id ByteArray String 10 -",
                "event_key ByteArray None 10 stats", "headers.list.element.key ByteArray String 11 -", "headers.list.element.value ByteArray None 21 -", "body ByteArray None 10 -",
            ], columns);
    }

    [Fact]
    public async Task File_EmptyKeys_CountInTheMinimum()
    {
        var archive = await Sample.OpenAsync(_store);
        using var file = Sample.Encode(
            archive, Sample.Stream(), 0, Sample.Batch(0, [new Event(1, Sample.Utf8("k"), [], null), new Event(1, Array.Empty<byte>(), [], null), new Event(1, Sample.Utf8("m"), [], null)]));
        using var stream = new MemoryStream(System.Buffers.BuffersExtensions.ToArray(file.Content));
        using var access = new ManagedRandomAccessFile(stream);
        using var reader = new ParquetFileReader(access);
        using var group = reader.RowGroup(0);
        using var chunk = group.MetaData.GetColumnChunkMetaData(16);
        var statistics = Assert.IsType<Statistics<ByteArray>>(chunk.Statistics);
        Assert.Equal((0, 1), (statistics.Min.Length, statistics.Max.Length));
    }

    [Fact]
    public async Task Path_WeirdChannels_DifferWithoutCaseAndUseTheAlphabet()
    {
        var archive = await Sample.OpenAsync(_store);
        string[] names =
        [
            "orders", "Orders", "ORDERS", "_41", "_4A", "A", "a", "a.", "a..", "a._2e", "...", "con", "nul.txt", "-", "--", "_", "__", "-o", "_orders", "__HIVE_DEFAULT_PARTITION__", "user_events", "a-b.c_d",
            new string('x', 249), new string('X', 249), new string('x', 248) + "y", new string('x', 180), new string('x', 181), "_tattletail.ledger",
        ];
        var directories = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in names)
        {
            using var file = Sample.Encode(archive, Sample.Stream(name), 0, Sample.Batch(0, Sample.Plain(0, 1)));
            var directory = file.File.Path.Split('/')[1];
            Assert.Matches("^c-[a-z0-9._-]{1,180}$", directory);
            Assert.False(directory.EndsWith('.'), directory);
            Assert.True(directories.TryAdd(directory, name), $"{name} and {directories[directory]} share {directory}");
        }

        foreach (var ordinary in (string[])["orders", "user_events", "a-b.c_d", "_tattletail.ledger", "con"])
        {
            Assert.Contains("c-" + ordinary, directories.Keys);
        }
    }

    private Dictionary<string, JsonElement> Actions(string name)
    {
        Assert.NotEqual(0xEF, _store.Objects[name][0]);
        return System.Text.Encoding.UTF8.GetString(_store.Objects[name]).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(line => JsonDocument.Parse(line).RootElement.EnumerateObject()).ToDictionary(a => a.Name, a => a.Value);
    }

    private static string Sorted(JsonElement element) =>
        string.Join(' ', element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => $"{m.Name}={m.Value.GetRawText()}"));
}
