namespace TattleTail.Log;

/// <summary>One incarnation of a channel. Its figures change while it is looked at.</summary>
public sealed class Channel
{
    /// <summary>The name.</summary>
    public string Name => throw new NotImplementedException();

    /// <summary>Which life of the name, from 1.</summary>
    public int Incarnation => throw new NotImplementedException();

    /// <summary>The Kafka topic id.</summary>
    public Guid TopicId => throw new NotImplementedException();

    /// <summary>The source that owns it; <c>spew</c> for the embedded broker.</summary>
    public string Source => throw new NotImplementedException();

    /// <summary>The broker's own name for it.</summary>
    public string Address => throw new NotImplementedException();

    /// <summary>Deleted: no longer served.</summary>
    public bool IsClosed => throw new NotImplementedException();

    /// <summary>Its configuration.</summary>
    public ChannelConfig Config => throw new NotImplementedException();

    /// <summary>The partitions, by number.</summary>
    public IReadOnlyList<LogPartition> Partitions => throw new NotImplementedException();
}

/// <summary>A partition of an incarnation.</summary>
public sealed class LogPartition
{
    /// <summary>Whose partition.</summary>
    public Channel Channel => throw new NotImplementedException();

    /// <summary>Its number, from 0.</summary>
    public int Index => throw new NotImplementedException();

    /// <summary>The first offset served.</summary>
    public long StartOffset => throw new NotImplementedException();

    /// <summary>The offset after the last synced event.</summary>
    public long HighWatermark => throw new NotImplementedException();

    /// <summary>The offset before which everything is in the archive.</summary>
    public long SealedThrough => throw new NotImplementedException();

    /// <summary>The first offset still in the journal (the high watermark when none is).</summary>
    public long JournalStart => throw new NotImplementedException();

    /// <summary>The epoch of the last append's node start, or of this node's start when there was none.</summary>
    public int LeaderEpoch => throw new NotImplementedException();

    /// <summary>
    /// Completes when the high watermark exceeds <paramref name="offset"/>, the channel closes, or the token is cancelled (without an exception). Costs no polling.
    /// </summary>
    public ValueTask WaitAsync(long offset, CancellationToken cancel) => throw new NotImplementedException();

    /// <summary>
    /// Calls <paramref name="wake"/> each time the high watermark rises, until disposed; for a fetch that waits on many partitions.
    /// It runs on the thread that completed the sync and must only signal.
    /// </summary>
    public IDisposable OnAdvance(Action wake) => throw new NotImplementedException();
}

/// <summary>A channel's settings, named and meant as Kafka's topic configs.</summary>
public sealed record ChannelConfig
{
    /// <summary><c>message.timestamp.type</c>.</summary>
    public Events.TimestampType TimestampType { get; init; }

    /// <summary><c>max.message.bytes</c>: largest batch. Default 1,048,588.</summary>
    public int MaxMessageBytes { get; init; } = 1_048_588;

    /// <summary><c>cleanup.policy</c>: stored and reported, never run.</summary>
    public string CleanupPolicy { get; init; } = "delete";

    /// <summary><c>retention.ms</c>: moves the served start; -1 never. Default -1.</summary>
    public long RetentionMs { get; init; } = -1;
}
