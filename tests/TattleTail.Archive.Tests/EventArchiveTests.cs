using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Storage;

namespace TattleTail.Archive.Tests;

public sealed class EventArchiveTests
{
    private const long Recorded = 1_767_225_600_123_456; // 2026-01-01T00:00:00.123456Z

    private static readonly ArchiveStream Stream = new("Orders.v1_a", 2, Guid.Parse("11111111-2222-3333-4444-555555555555"), "spew", "Orders.v1_a");
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly MemoryStore _store = new();

    public static TheoryData<long> Timestamps => [-1, 0, 1, long.MinValue, long.MaxValue, 1_767_225_600_123_456, 1_767_225_600_123_456_789, -62_135_596_800_001, 253_402_300_800_000];

    [Fact]
    public async Task Read_WhatWasCommitted_GivesTheSameEvents()
    {
        using var archive = await OpenAsync();
        var events = Events(3000).ToList();
        await SealAsync(archive, events);

        var file = Assert.Single(archive.Files());
        long next = 0;
        var read = new List<Event>();
        while (next < events.Count)
        {
            using var part = await archive.ReadAsync(file, 0, next, 200_000, Cancel);
            Assert.NotEmpty(part.Batches);
            foreach (var batch in part.Batches)
            {
                using var reader = new RecordBatchReader(batch.Batch.Span);
                Assert.Equal(reader.Header.Count, batch.RecordedAtMicros.Length);
                while (reader.MoveNext())
                {
                    Assert.Equal(next++, reader.Current.Offset);
                    read.Add(reader.Current.ToEvent());
                }
            }
        }

        Assert.Equal(events.Select(Describe), read.Select(Describe));
        Assert.Empty(await archive.VerifyAsync(file, Cancel));
    }

    [Theory]
    [MemberData(nameof(Timestamps))]
    public async Task Seal_AnyTimestamp_IsReadBackUnchanged(long timestamp)
    {
        using var archive = await OpenAsync();
        await SealAsync(archive, [new Event(timestamp, null, [], "x"u8.ToArray())]);

        var file = Assert.Single(archive.Files());
        using var read = await archive.ReadAsync(file, 0, 0, 1, Cancel);

        Assert.Equal(timestamp, FirstTimestamp(Assert.Single(read.Batches).Batch.Span));
        Assert.Empty(await archive.VerifyAsync(file, Cancel));
    }

    [Fact]
    public async Task Open_AfterCommits_KnowsFilesAndPositions()
    {
        using (var archive = await OpenAsync())
        {
            await SealAsync(archive, Events(10).ToList());
            await SealAsync(archive, Events(5).ToList(), first: 10);
        }

        using var reopened = await OpenAsync();

        Assert.Equal(2, reopened.Version);
        Assert.Equal(15, reopened.SealedThrough(Stream.TopicId, 0));
        Assert.Equal(10, reopened.FindByOffset(Stream.TopicId, 0, 12)!.Partitions[0].FirstOffset);
        Assert.Null(reopened.FindByOffset(Stream.TopicId, 0, 15));
        Assert.Equal(Stream, reopened.Files()[0].Stream);
    }

    [Fact]
    public async Task Commit_AnswerLost_IsCommittedOnce()
    {
        using var archive = await OpenAsync();
        var lost = 0;
        _store.BeforePut = name => name.StartsWith("_delta_log/", StringComparison.Ordinal) && lost++ == 0;

        var outcome = await SealAsync(archive, Events(10).ToList());

        Assert.Equal((SealResult.Committed, 1), (outcome.Result, outcome.Version));
        Assert.Equal(2, _store.Objects.Keys.Count(n => n.StartsWith("_delta_log/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Commit_AnotherWroteTheVersion_TakesTheNext()
    {
        using var archive = await OpenAsync();
        using var other = await OpenAsync();
        await SealAsync(other, Events(10).ToList(), stream: Stream with { TopicId = Guid.NewGuid(), Channel = "other" });

        var outcome = await SealAsync(archive, Events(10).ToList());

        Assert.Equal((SealResult.Committed, 2), (outcome.Result, outcome.Version));
        Assert.Equal(2, archive.Files().Count);
    }

    [Fact]
    public async Task Commit_PositionMoved_IsGivenUpAndLeavesNoFile()
    {
        using var archive = await OpenAsync();
        using var other = await OpenAsync();
        await SealAsync(other, Events(10).ToList());
        var before = _store.Objects.Count;

        var outcome = await SealAsync(archive, Events(12).ToList());

        Assert.Equal(SealResult.Moved, outcome.Result);
        Assert.Equal(10, archive.SealedThrough(Stream.TopicId, 0));
        Assert.Equal(before, _store.Objects.Count);
    }

    [Fact]
    public async Task Commit_StoreDamagesTheFile_IsRefused()
    {
        using var archive = await OpenAsync();
        using var writer = archive.StartFile(Stream);
        writer.Append(0, Recorded, Batch(0, Events(10).ToList()), 0);
        using var file = writer.Finish();
        _store.Objects[file.File.Path] = "damaged"u8.ToArray();

        await Assert.ThrowsAsync<StoreException>(async () => await archive.CommitAsync([file], [new SealedPosition(Stream.TopicId, 0, 0, 10)]));

        Assert.Equal(0, archive.Version);
    }

    [Fact]
    public async Task Verify_AnyByteOfTheFileChanged_FindsIt()
    {
        using var archive = await OpenAsync();
        await SealAsync(archive, Events(100).ToList());
        var file = Assert.Single(archive.Files());
        var bytes = _store.Objects[file.Path];
        for (var i = 0; i < bytes.Length; i += 97)
        {
            bytes[i] ^= 0x10;
            Assert.NotEmpty(await archive.VerifyAsync(file, Cancel));
            bytes[i] ^= 0x10;
        }

        Assert.Empty(await archive.VerifyAsync(file, Cancel));
    }

    [Fact]
    public async Task Open_ForeignOrNewerTable_IsRefused()
    {
        using (await OpenAsync())
        {
        }

        var text = System.Text.Encoding.UTF8.GetString(_store.Objects["_delta_log/00000000000000000000.json"]);
        _store.Objects["_delta_log/00000000000000000000.json"] = System.Text.Encoding.UTF8.GetBytes(text.Replace("[\"tattletail.log\"]", "[\"tattletail.log\",\"tattletail.next\"]", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<ArchiveFormatException>(async () => await OpenAsync());

        Assert.Contains("tattletail.next", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Path_ChannelsThatDifferInCaseOnly_DifferInAnyCase()
    {
        string[] channels = ["orders", "Orders", "ORDERS", "order_s", "order_5fs", "or_4fders", "orDers", "con", "nul.", "a.", new string('A', 249), new string('A', 248) + "b"];

        var paths = channels.Select(c => FilePath.Encode(c).ToUpperInvariant()).ToList();

        Assert.Equal(paths.Count, paths.Distinct().Count());
        Assert.All(paths, p => Assert.True(p.Length <= 180));
        Assert.Equal("github.pull_request", FilePath.Encode("github.pull_request"));
    }

    private static long FirstTimestamp(ReadOnlySpan<byte> batch)
    {
        using var reader = new RecordBatchReader(batch);
        Assert.True(reader.MoveNext());
        return reader.Current.Timestamp;
    }

    private static IEnumerable<Event> Events(int count)
    {
        for (var i = 0; i < count; i++)
        {
            yield return new Event(
                1_700_000_000_000 + i,
                i % 3 == 0 ? default(ReadOnlyMemory<byte>?) : i % 3 == 1 ? Array.Empty<byte>() : System.Text.Encoding.UTF8.GetBytes($"key {i}"),
                i % 4 == 0 ? [] : [new EventHeader("ce_type", System.Text.Encoding.UTF8.GetBytes($"type {i % 7}")), new EventHeader("h", null), new EventHeader("h", Array.Empty<byte>())],
                i % 5 == 0 ? default(ReadOnlyMemory<byte>?) : i % 5 == 1 ? Array.Empty<byte>() : new byte[i % 50]);
        }
    }

    private static string Describe(Event e) =>
        $"{e.Timestamp} {Text(e.Key)} {Text(e.Body)} {string.Join(",", e.Headers.Select(h => $"{h.Key}={Text(h.Value)}"))}";

    private static string Text(ReadOnlyMemory<byte>? bytes) => bytes is { } b ? $"[{Convert.ToHexString(b.Span)}]" : "null";

    private static byte[] Batch(long first, List<Event> events)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(first, 1);
        for (var i = 0; i < events.Count; i++)
        {
            Assert.True(builder.TryAdd(first + i, events[i]));
        }

        return builder.Finish().ToArray();
    }

    private async Task<EventArchive> OpenAsync() =>
        await EventArchive.OpenAsync(new ArchiveOptions { Store = _store, Clock = TimeProvider.System, Random = new Random(_store.Objects.Count), Workers = TaskScheduler.Default, RowGroupBytes = 64 * 1024 });

    private static async Task<SealOutcome> SealAsync(EventArchive archive, List<Event> events, long first = 0, ArchiveStream? stream = null)
    {
        using var writer = archive.StartFile(stream ?? Stream);
        for (var i = 0; i < events.Count; i += 100)
        {
            writer.Append(0, Recorded + i, Batch(first + i, events.Skip(i).Take(100).ToList()), first);
        }

        using var file = writer.Finish();
        Assert.Equal(events.Count, file.File.Events);
        return await archive.CommitAsync([file], [new SealedPosition((stream ?? Stream).TopicId, 0, first, first + events.Count)]);
    }
}
