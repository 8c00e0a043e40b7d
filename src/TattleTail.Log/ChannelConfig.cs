namespace TattleTail.Log;

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

    /// <summary>Throws <see cref="ArgumentException"/> on a value that cannot be.</summary>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MaxMessageBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CleanupPolicy.Length, 255);
        ArgumentOutOfRangeException.ThrowIfLessThan(RetentionMs, -1);
    }
}
