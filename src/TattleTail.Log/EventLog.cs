using TattleTail.Events;

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
    /// <summary>Recovers and opens the log. The archive may be unreachable: it is opened in the background and tried again.</summary>
    public static ValueTask<EventLog> OpenAsync(LogOptions options, LogPorts ports) => throw new NotImplementedException();

    /// <summary>What recovery found when the process started.</summary>
    public Journal.RecoveryReport Recovery => throw new NotImplementedException();

    /// <summary>The health of recording and sealing, as of now.</summary>
    public LogHealth Health => throw new NotImplementedException();

    /// <summary>Figures for metrics.</summary>
    public LogFigures Figures => throw new NotImplementedException();

    /// <summary>A random id of this log, made at its first start (Kafka's cluster id).</summary>
    public Guid ClusterId => throw new NotImplementedException();

    /// <summary>All incarnations, closed ones too.</summary>
    public IReadOnlyCollection<Channel> Channels => throw new NotImplementedException();

    /// <summary>The newest incarnation of a name when it is open; null otherwise.</summary>
    public Channel? Find(string name) => throw new NotImplementedException();

    /// <summary>An incarnation by its topic id.</summary>
    public Channel? Find(Guid topicId) => throw new NotImplementedException();

    /// <summary>
    /// Creates a channel, durable when it returns. <see cref="ChannelException"/>: exists, bad name, bad partition count, too many channels.
    /// </summary>
    public ValueTask<Channel> CreateChannelAsync(string name, int partitions, ChannelConfig? config = null) => throw new NotImplementedException();

    /// <summary>Closes the incarnation: not served any more, the rest is sealed, its files stay. Durable when it returns.</summary>
    public ValueTask CloseChannelAsync(Channel channel) => throw new NotImplementedException();

    /// <summary>Hands out a producer id that was never handed out before, whatever crashed.</summary>
    public ValueTask<long> AllocateProducerIdAsync() => throw new NotImplementedException();

    /// <summary>
    /// Appends one batch as produced (checked by the caller with <see cref="Events.RecordBatches.RecordBatch.Check"/>). The log assigns offsets and leader epoch in place, so the buffer is the log's until the task completes.
    /// Completes when durable, also for a duplicate of a batch that is not yet durable.
    /// </summary>
    public ValueTask<AppendResult> AppendBatchAsync(LogPartition partition, Memory<byte> batch) => throw new NotImplementedException();

    /// <summary>
    /// Appends events framed by us; those that wait in one group for one partition share a batch. All of one call get consecutive offsets, first in the result.
    /// </summary>
    public ValueTask<AppendResult> AppendEventsAsync(LogPartition partition, IReadOnlyList<Event> events) => throw new NotImplementedException();

    /// <summary>
    /// Whole batches from the one that holds <paramref name="fromOffset"/> (or follows it over a hole) up to <paramref name="maxBytes"/>, but at least one when there is any below the high watermark. From the archive, then the
    /// journal. <see cref="OffsetOutOfRangeException"/> below the start or above the high watermark. Dispose the result.
    /// </summary>
    public ValueTask<LogRead> ReadAsync(LogPartition partition, long fromOffset, int maxBytes, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The first event, in offset order, at or after a time of the clock; null when there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="time">Event clock: ms since 1970 as sent. Recorded clock: µs since 1970.</param>
    /// <param name="clock">Which clock.</param>
    /// <param name="cancel">Stops the search.</param>
    public ValueTask<OffsetAndTime?> FindByTimeAsync(LogPartition partition, long time, LogClock clock, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The event with the largest timestamp (Kafka's ListOffsets -3); null when empty.</summary>
    public ValueTask<OffsetAndTime?> FindMaxTimestampAsync(LogPartition partition, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Seals what is durable now (of one channel, or all), commits and verifies it.</summary>
    public ValueTask<SealReport> SealAsync(string? channel = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The archive when it is open; null while the store is unreachable.</summary>
    public Archive.EventArchive? Archive => throw new NotImplementedException();

    /// <summary>Stops appends, lets accepted ones become durable, stops sealing, closes.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
