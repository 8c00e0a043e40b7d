using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Platform;

namespace TattleTail.Journal.Tests;

/// <summary>A journal in a temporary folder, and threads for it.</summary>
internal sealed class JournalFolder : IDisposable
{
    private readonly DedicatedThreads _writer = new("writer");
    private readonly DedicatedThreads _sync = new("sync");

    public string Path { get; } = Directory.CreateTempSubdirectory("tattletail-journal-").FullName;

    public IFileSystem Files { get; set; } = new OperatingSystemFiles();

    public int SegmentBytes { get; set; } = 64 * 1024;

    public JournalOptions Options => new()
    {
        Folder = Path,
        Files = Files,
        Clock = TimeProvider.System,
        Writer = _writer,
        Sync = _sync,
        SegmentBytes = SegmentBytes,
        MarkAfter = TimeSpan.FromHours(1),
    };

    public string[] Segments => [.. Directory.GetFiles(Path, "*.seg").Order(StringComparer.Ordinal)];

    public ValueTask<WriteAheadJournal> OpenAsync(long? abandonAbove = null) => WriteAheadJournal.OpenAsync(Options, abandonAbove);

    public void Dispose()
    {
        _writer.Dispose();
        _sync.Dispose();
        Directory.Delete(Path, recursive: true);
    }

    public static byte[] Batch(long offset, int events, int bodyBytes = 20)
    {
        var builder = new RecordBatchBuilder();
        builder.Start(offset, 1);
        for (var i = 0; i < events; i++)
        {
            builder.TryAdd(offset + i, new Event(1_700_000_000_000 + offset + i, null, [], new byte[bodyBytes]));
        }

        return builder.Finish().ToArray();
    }
}

/// <summary>A batch that is ready.</summary>
internal sealed class ReadyBatch(int stream, int partition, long recordedAt, byte[] batch) : BatchEntry(new StreamPartition(stream, partition))
{
    public override BatchPayload Freeze() => new(recordedAt, default, batch);
}
