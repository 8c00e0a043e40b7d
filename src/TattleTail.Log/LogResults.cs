namespace TattleTail.Log;

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Durable.</summary>
    Appended,

    /// <summary>The batch was appended before; the result carries its original offset.</summary>
    Duplicate,

    /// <summary>A sequence is missing before it (Kafka 45).</summary>
    OutOfOrderSequence,

    /// <summary>A newer epoch of the producer was seen (Kafka 47).</summary>
    InvalidProducerEpoch,

    /// <summary>Larger than the channel's <c>max.message.bytes</c> (Kafka 10).</summary>
    TooLarge,

    /// <summary>A timestamp more than an hour ahead (Kafka 32).</summary>
    InvalidTimestamp,

    /// <summary>The channel was closed (Kafka 3).</summary>
    Closed,
}

/// <summary>An append's result.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="BaseOffset">Offset of the first event; -1 when refused.</param>
/// <param name="LogAppendTime">The recorder's timestamp under LogAppendTime, ms; -1 otherwise.</param>
public readonly record struct AppendResult(AppendStatus Status, long BaseOffset, long LogAppendTime);

/// <summary>How much of a partition is read.</summary>
public enum LogScope
{
    /// <summary>What is served: from the partition's start on.</summary>
    Served,

    /// <summary>Everything that was recorded, also what lies before the start.</summary>
    All,
}

/// <summary>Which clock a time belongs to.</summary>
public enum LogClock
{
    /// <summary>The event's own timestamp.</summary>
    Event,

    /// <summary>The time of recording.</summary>
    Recorded,
}

/// <summary>An offset and the event's timestamp in ms (event clock) or µs (recorded clock).</summary>
public readonly record struct OffsetAndTime(long Offset, long Time, int LeaderEpoch);

/// <summary>What a seal did.</summary>
public sealed record SealReport(int Files, long Events, long Bytes, long Version, TimeSpan Elapsed);

/// <summary>Green, yellow or red, why, since when, and what to do.</summary>
public sealed record LogHealth(HealthStatus Status, string Reason, DateTimeOffset Since, string? WhatToDo);

/// <summary>How well it goes.</summary>
public enum HealthStatus
{
    /// <summary>All is well.</summary>
    Green,

    /// <summary>Recording works; something needs attention.</summary>
    Yellow,

    /// <summary>Nothing is acknowledged.</summary>
    Red,
}

/// <summary>The log takes no appends now: why. The outcome of those in flight is unknown.</summary>
public sealed class LogUnavailableException : IOException
{
    /// <summary>Creates the exception.</summary>
    public LogUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>An offset that the partition does not serve.</summary>
public sealed class OffsetOutOfRangeException : Exception
{
    /// <summary>Creates the exception.</summary>
    public OffsetOutOfRangeException(long offset, long start, long end)
        : base($"offset {offset} is outside {start}..{end}")
    {
        Offset = offset;
        Start = start;
        End = end;
    }

    /// <summary>The offset asked for.</summary>
    public long Offset { get; }

    /// <summary>The first offset served.</summary>
    public long Start { get; }

    /// <summary>The high watermark.</summary>
    public long End { get; }
}

/// <summary>What is wrong with a request about channels.</summary>
public enum ChannelFault
{
    /// <summary>An open incarnation of that name exists.</summary>
    Exists,

    /// <summary>Not a legal name.</summary>
    InvalidName,

    /// <summary>Below 1 or above the limit.</summary>
    InvalidPartitions,

    /// <summary>The node has as many channels as it may.</summary>
    TooMany,

    /// <summary>No such channel, or closed.</summary>
    NotFound,

    /// <summary>The name or the channel is TattleTail's own (<c>_tattletail.</c>).</summary>
    Reserved,
}

/// <summary>A request about channels cannot be met.</summary>
public sealed class ChannelException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ChannelException(ChannelFault fault, string message)
        : base(message) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public ChannelFault Fault { get; }
}
