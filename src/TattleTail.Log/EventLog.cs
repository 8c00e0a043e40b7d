using TattleTail.Events;
using TattleTail.Log.Appending;
using TattleTail.Log.Groups;
using TattleTail.Log.Reading;
using TattleTail.Log.Recovery;
using TattleTail.Log.Sealing;

namespace TattleTail.Log;

/// <summary>
/// Journal and archive as one log per (channel, incarnation, partition). Everything else appends and reads through it and never knows where an event lies.
/// Safe for concurrent use. Starts no threads of its own: see <see cref="LogPorts"/>.
/// </summary>
/// <remarks>
/// When the journal faults, appends fail with <see cref="LogUnavailableException"/> until it has been reopened by the recovery path (with back-off), reads go on, and <see cref="Health"/> is red.
/// </remarks>
public sealed class EventLog : IAsyncDisposable
{
    private readonly LogCore _log;
    private readonly CancellationTokenSource _closing = new();
    private readonly ArchiveAccess _archive;
    private readonly Appender _appender;
    private readonly LogReader _reader;
    private readonly TimeSearch _search;
    private readonly ChannelCreation _creation;
    private readonly ChannelChanges _changes;
    private readonly ProducerIds _producerIds;
    private readonly DamageRecord _damage;
    private readonly Sealer _sealer;
    private readonly HealthReport _health;
    private readonly FigureSheet _figures;
    private Task _sealing = Task.CompletedTask;
    private Task _reopening = Task.CompletedTask;
    private int _disposed;

    private EventLog(LogCore log)
    {
        _log = log;
        Recovery = log.Journal.Recovery;
        _archive = new ArchiveAccess(log.Ports.Clock);
        _appender = new Appender(log, _closing.Token);
        var sealFirst = new SealFirst(log, () => _sealer!.Requests);
        _reader = new LogReader(log, _archive, sealFirst);
        _search = new TimeSearch(log, _archive, sealFirst);
        _creation = new ChannelCreation(log, _archive);
        _changes = new ChannelChanges(log);
        _producerIds = new ProducerIds(log);
        var ledger = new Ledger(log, _appender, _creation.CreateAsync);
        _damage = new DamageRecord(log, ledger);
        var unsealed = new UnsealedRead(log, ledger);
        _sealer = new Sealer(log, _archive, new ArchiveOpening(log, _archive, ledger, unsealed), unsealed, _closing.Token);
        _health = new HealthReport(log, _archive, _sealer, () => [_sealing, _reopening]);
        _figures = new FigureSheet(log, _archive, _sealer);
        Groups = new GroupStore(log);
    }

    /// <summary>The settings of channels that are created without any.</summary>
    public ChannelConfig DefaultConfig => _log.Options.DefaultConfig;

    /// <summary>Consumer groups and their commits.</summary>
    public GroupStore Groups { get; }

    /// <summary>What recovery found when the process started.</summary>
    public Journal.RecoveryReport Recovery { get; }

    /// <summary>The health of recording and sealing, as of now.</summary>
    public LogHealth Health => _health.Now();

    /// <summary>Figures for metrics.</summary>
    public LogFigures Figures => _figures.Now();

    /// <summary>What each incarnation and its partitions hold, as of now.</summary>
    public IReadOnlyList<ChannelFigures> ChannelFigures => _figures.OfChannels();

    /// <summary>A random id of this log, made at its first start (Kafka's cluster id).</summary>
    public Guid ClusterId
    {
        get
        {
            lock (_log.Gate)
            {
                return _log.State.ClusterId;
            }
        }
    }

    /// <summary>All incarnations, closed ones too.</summary>
    public IReadOnlyCollection<Channel> Channels
    {
        get
        {
            lock (_log.Gate)
            {
                return _log.Channels.All;
            }
        }
    }

    /// <summary>The archive when it is open; null while the store is unreachable.</summary>
    public Archive.EventArchive? Archive => _archive.Archive;

    /// <summary>The archive; waits a few seconds for it right after the start. A <see cref="Storage.StoreException"/>, which says why, when it is not open.</summary>
    public ValueTask<Archive.EventArchive> RequireArchiveAsync(CancellationToken cancel) => _archive.RequiredAsync(cancel);

    /// <summary>The parts' common ground, for tests of the state.</summary>
    internal LogCore Core => _log;

    /// <summary>Recovers and opens the log. The archive may be unreachable: it is opened in the background and tried again.</summary>
    public static async ValueTask<EventLog> OpenAsync(LogOptions options, LogPorts ports)
    {
        options.Check();
        var random = new SharedRandom(ports.Random);
        var opened = await LogOpening.OpenAsync(options, ports, random, null);
        var log = new EventLog(new LogCore(options, ports with { Random = random }, opened.Journal, opened.Replay.State));
        try
        {
            await log._damage.WriteAsync(opened.Replay);
        }
        catch (LogUnavailableException)
        {
            await log.DisposeAsync();
            throw;
        }

        log.Start();
        return log;
    }

    /// <summary>The newest incarnation of a name when it is open; null otherwise.</summary>
    public Channel? Find(string name)
    {
        lock (_log.Gate)
        {
            return _log.Channels.Find(name);
        }
    }

    /// <summary>An incarnation by its topic id.</summary>
    public Channel? Find(Guid topicId)
    {
        lock (_log.Gate)
        {
            return _log.Channels.Find(topicId);
        }
    }

    /// <summary>
    /// Creates a channel, durable when it returns. <see cref="ChannelException"/>: exists, bad name, bad partition count, too many channels.
    /// </summary>
    public ValueTask<Channel> CreateChannelAsync(string name, int partitions, ChannelConfig? config = null) =>
        _creation.CreateAsync(name, partitions, config ?? DefaultConfig, LogCore.SpewSource);

    /// <summary>Closes the incarnation: not served any more, the rest is sealed, its files stay. Durable when it returns.</summary>
    public ValueTask CloseChannelAsync(Channel channel) => _creation.CloseAsync(channel);

    /// <summary>Gives a channel more partitions, this many in all; durable when it returns. <see cref="ChannelException"/>: not more than it has, too many, deleted, TattleTail's own.</summary>
    public ValueTask AddPartitionsAsync(Channel channel, int partitions) => _changes.AddPartitionsAsync(channel, partitions);

    /// <summary>Gives a channel other settings; durable when it returns. <see cref="ChannelException"/>: deleted, or TattleTail's own.</summary>
    public ValueTask ConfigureChannelAsync(Channel channel, ChannelConfig config) => _changes.ConfigureAsync(channel, config);

    /// <summary>
    /// Serves a partition from an offset on only; what lies before is kept, and read when it is asked for as such. Durable when it returns the start, which never goes back.
    /// <see cref="OffsetOutOfRangeException"/> above the high watermark; <see cref="ChannelException"/>: deleted, or TattleTail's own.
    /// </summary>
    public ValueTask<long> MoveStartAsync(LogPartition partition, long offset) => _changes.MoveStartAsync(partition, offset);

    /// <summary>Hands out a producer id that was never handed out before, whatever crashed.</summary>
    public ValueTask<long> AllocateProducerIdAsync() => _producerIds.AllocateAsync();

    /// <summary>
    /// Appends one batch as produced (checked by the caller with <see cref="Events.RecordBatches.RecordBatch.Check(ReadOnlySpan{byte}, Events.RecordBatches.BatchLimits, out string?)"/>). The log assigns offsets and leader epoch in place, so the buffer is the log's until the task completes.
    /// Completes when durable, also for a duplicate of a batch that is not yet durable.
    /// </summary>
    public ValueTask<AppendResult> AppendBatchAsync(LogPartition partition, Memory<byte> batch) => _appender.AppendBatchAsync(partition, batch);

    /// <summary>
    /// Appends events framed by us; those that wait in one group for one partition share a batch. All of one call get consecutive offsets, first in the result. Their bytes must not
    /// change until the task completes.
    /// </summary>
    public ValueTask<AppendResult> AppendEventsAsync(LogPartition partition, IReadOnlyList<Event> events) => _appender.AppendEventsAsync(partition, events);

    /// <summary>
    /// Whole batches from the one that holds <paramref name="fromOffset"/> (or follows it over a hole) up to <paramref name="maxBytes"/>, but at least one when there is any below the high watermark. From the archive, then the
    /// journal. <see cref="OffsetOutOfRangeException"/> below the start or above the high watermark. Dispose the result.
    /// </summary>
    public ValueTask<LogRead> ReadAsync(LogPartition partition, long fromOffset, int maxBytes, LogScope scope = LogScope.Served, CancellationToken cancel = default) =>
        _reader.ReadAsync(partition, fromOffset, maxBytes, scope, cancel);

    /// <summary>The first event, in offset order, at or after a time of the clock; null when there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="time">Event clock: ms since 1970 as sent. Recorded clock: µs since 1970.</param>
    /// <param name="clock">Which clock.</param>
    /// <param name="scope">How much of the partition is looked through.</param>
    /// <param name="cancel">Stops the search.</param>
    public ValueTask<OffsetAndTime?> FindByTimeAsync(LogPartition partition, long time, LogClock clock, LogScope scope = LogScope.Served, CancellationToken cancel = default) =>
        _search.FindAsync(partition, time, clock, scope, cancel);

    /// <summary>The event with the largest timestamp (Kafka's ListOffsets -3); null when empty.</summary>
    public ValueTask<OffsetAndTime?> FindMaxTimestampAsync(LogPartition partition, CancellationToken cancel = default) => _search.FindMaxTimestampAsync(partition, cancel);

    /// <summary>
    /// Seals what is durable now (of one channel, or all), commits and verifies it. Fails as the store fails; it is then tried again in the background. Cancelling only stops waiting.
    /// </summary>
    public async ValueTask<SealReport> SealAsync(string? channel = null, CancellationToken cancel = default)
    {
        lock (_log.Gate)
        {
            _log.RequireAvailable();
        }

        return await _sealer.Requests.Add(channel).WaitAsync(cancel);
    }

    /// <summary>Stops appends, lets accepted ones become durable, stops sealing, closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        lock (_log.Gate)
        {
            _log.BeginClosing();
        }

        // Not CancelAsync: it would run the callbacks on the thread pool.
#pragma warning disable CA1849
        _closing.Cancel();
#pragma warning restore CA1849
        try
        {
            await Task.WhenAll(_sealing, _reopening);
        }
        finally
        {
            await _log.Journal.DisposeAsync();
            if (_log.Journal.Fault is { } fault && _log.Outage is null)
            {
                // Nobody watches the journal any more, and whoever runs the node has to hear of its disk all the same.
                _log.Ports.Observer?.JournalFaulted(fault);
            }

            _archive.Archive?.Dispose();
            _closing.Dispose();
        }
    }

    private void Start()
    {
        _reopening = Task.Factory.StartNew(
            new Reopening(_log, _damage, _closing.Token).RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _log.Ports.Writer).Unwrap();
        _sealing = Task.Factory.StartNew(_sealer.RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, _log.Ports.Sealer).Unwrap();
    }
}
