using TattleTail.Events;
using TattleTail.Events.RecordBatches;
using TattleTail.Journal.Tests;
using TattleTail.Log.State;
using TattleTail.Platform;
using TattleTail.Storage;
using TattleTail.Storage.Local;

namespace TattleTail.Log.Tests;

/// <summary>A log in a temporary folder with threads of its own; files and store can be made to fail.</summary>
internal sealed class LogFolder : IAsyncDisposable
{
    private readonly DedicatedThreads _writer = new("writer");
    private readonly DedicatedThreads _sync = new("sync");
    private readonly DedicatedThreads _sealer = new("sealer");
    private readonly DedicatedThreads _commits = new("commits");
    private readonly DedicatedThreads _reads = new("reads");
    private readonly string _path = Directory.CreateTempSubdirectory("tattletail-log-").FullName;
    private EventLog? _log;
    private int _openings = 7;

    public FailingSyncs Files { get; } = new(new OperatingSystemFiles());

    public ShiftedClock Clock { get; } = new();

    public WatchedLog Observer { get; } = new();

    /// <summary>Called before each opening of the store; may throw.</summary>
    public Func<IObjectStore, IObjectStore> Store { get; set; } = _ => throw new StoreException(StoreError.Unavailable, "no store in this test");

    public LogOptions Options { get; set; } = new() { JournalFolder = "", SegmentBytes = 256 * 1024, CommitInterval = TimeSpan.Zero };

    public string JournalPath => Path.Combine(_path, "journal");

    public EventLog Log => _log!;

    public LogFolder WithArchive()
    {
        Store = store => store;
        return this;
    }

    public async ValueTask<EventLog> OpenAsync()
    {
        var ports = new LogPorts
        {
            Files = Files,
            OpenStore = async () => Store(await LocalStore.OpenAsync(new OperatingSystemFiles(), Path.Combine(_path, "archive"))),
            Clock = Clock,
            Random = new Random(_openings++),
            Writer = _writer,
            Sync = _sync,
            Sealer = _sealer,
            ArchiveCommits = _commits,
            ArchiveReads = _reads,
            Observer = Observer,
        };
        return _log = await EventLog.OpenAsync(Options with { JournalFolder = JournalPath }, ports);
    }

    public async ValueTask<EventLog> ReopenAsync()
    {
        await _log!.DisposeAsync();
        return await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Files.FailSyncs = false;
        if (_log is not null)
        {
            await _log.DisposeAsync();
        }

        foreach (var thread in (DedicatedThreads[])[_writer, _sync, _sealer, _commits, _reads])
        {
            thread.Dispose();
        }

        Directory.Delete(_path, recursive: true);
    }

    /// <summary>Waits for something that another thread brings about.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, $"waited in vain for: {what}");
            await Task.Delay(5);
        }
    }

    public static Event EventOf(string body, long timestamp = 1_700_000_000_000) =>
        new(timestamp, "k"u8.ToArray(), [new EventHeader("h", null), new EventHeader("h", "v"u8.ToArray())], System.Text.Encoding.UTF8.GetBytes(body));

    /// <summary>A batch as a producer sends it.</summary>
    public static byte[] Produced(int count, long producer = -1, short epoch = -1, int sequence = -1, long timestamp = 1_700_000_000_000, string body = "b")
    {
        var builder = new RecordBatchBuilder();
        builder.Start(0, -1);
        for (var i = 0; i < count; i++)
        {
            builder.TryAdd(i, EventOf($"{body}{i}", timestamp));
        }

        var batch = builder.Finish().ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(batch.AsSpan(43), producer);
        System.Buffers.Binary.BinaryPrimitives.WriteInt16BigEndian(batch.AsSpan(51), epoch);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(53), sequence);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(batch.AsSpan(17), Crc32C.Of(batch.AsSpan(21)));
        return batch;
    }

    /// <summary>All events of a partition with their offsets, read in steps of at most so many bytes.</summary>
    public static async Task<List<(long Offset, Event Event)>> ReadAllAsync(EventLog log, LogPartition partition, long from = -1, int maxBytes = 1024 * 1024)
    {
        from = from < 0 ? partition.StartOffset : from;
        var events = new List<(long, Event)>();
        while (from < partition.HighWatermark)
        {
            using var read = await log.ReadAsync(partition, from, maxBytes, cancel: TestContext.Current.CancellationToken);
            foreach (var batch in read.Batches)
            {
                Assert.Equal(BatchFault.None, RecordBatch.Check(batch.Batch.Span, new BatchLimits(int.MaxValue), out _));
                Add(events, batch.Batch.Span, from);
            }

            Assert.True(read.NextOffset > from, "a read goes on");
            from = read.NextOffset;
        }

        return events;
    }

    public static byte[] SnapshotOf(EventLog log)
    {
        lock (log.Core.Gate)
        {
            return Snapshots.Encode(log.Core.State).ToArray();
        }
    }

    private static void Add(List<(long, Event)> events, ReadOnlySpan<byte> batch, long from)
    {
        using var reader = new RecordBatchReader(batch);
        while (reader.MoveNext())
        {
            if (reader.Current.Offset >= from)
            {
                events.Add((reader.Current.Offset, reader.Current.ToEvent()));
            }
        }
    }
}

/// <summary>The system's clock, moved forward at will; timers run by the system's.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    public TimeSpan Shift
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _shift));
        set => Interlocked.Exchange(ref _shift, value.Ticks);
    }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;
}

/// <summary>Remembers what an observer hears.</summary>
internal sealed class WatchedLog : ILogObserver
{
    private int _faults;
    private int _reopenings;
    private int _trimmed;
    private int _sealFailures;
    private long _sealedEvents;

    public int Faults => Volatile.Read(ref _faults);

    public int Reopenings => Volatile.Read(ref _reopenings);

    public int TrimmedSegments => Volatile.Read(ref _trimmed);

    public int SealFailures => Volatile.Read(ref _sealFailures);

    public long SealedEvents => Interlocked.Read(ref _sealedEvents);

    public void JournalFaulted(Exception fault) => Interlocked.Increment(ref _faults);

    public void JournalReopened(Journal.RecoveryReport report) => Interlocked.Increment(ref _reopenings);

    public void Sealed(SealReport report) => Interlocked.Add(ref _sealedEvents, report.Events);

    public void SealFailed(Exception error) => Interlocked.Increment(ref _sealFailures);

    public void Trimmed(int segments, long bytes) => Interlocked.Add(ref _trimmed, segments);

    public void Synced(long bytes, TimeSpan elapsed)
    {
    }
}
