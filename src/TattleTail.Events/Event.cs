namespace TattleTail.Events;

/// <summary>
/// What was sent, untouched, apart from where it lies. The model is Kafka's: null is not empty, headers keep order, duplicates and null values.
/// The hot paths read record batches without making such objects; this one serves HTTP, the command line and tests.
/// </summary>
/// <param name="Timestamp">The sender's timestamp as it was sent: milliseconds since 1970 UTC by convention, any value in fact.</param>
/// <param name="Key">The key; null when there is none.</param>
/// <param name="Headers">The headers in order.</param>
/// <param name="Body">The body; null is a tombstone.</param>
public sealed record Event(long Timestamp, ReadOnlyMemory<byte>? Key, IReadOnlyList<EventHeader> Headers, ReadOnlyMemory<byte>? Body);

/// <summary>A header: a name that is valid UTF-8 and may repeat, and a value that may be null.</summary>
public readonly record struct EventHeader(string Key, ReadOnlyMemory<byte>? Value);

/// <summary>Which clock <see cref="Event.Timestamp"/> came from (Kafka's <c>message.timestamp.type</c>).</summary>
public enum TimestampType
{
    /// <summary>The sender's (CreateTime).</summary>
    CreateTime = 0,

    /// <summary>The recorder's (LogAppendTime).</summary>
    LogAppendTime = 1,
}

/// <summary>An event and where it lies in the record.</summary>
/// <param name="Channel">The channel's name.</param>
/// <param name="Incarnation">Which life of that name, from 1.</param>
/// <param name="Partition">The partition, from 0.</param>
/// <param name="Offset">The offset in the partition, from 0.</param>
/// <param name="TimestampType">Which clock the event's timestamp came from.</param>
/// <param name="RecordedAtMicros">When it was recorded, microseconds since 1970 UTC.</param>
/// <param name="Event">The event.</param>
public sealed record RecordedEvent(
    string Channel, int Incarnation, int Partition, long Offset, TimestampType TimestampType, long RecordedAtMicros, Event Event);
