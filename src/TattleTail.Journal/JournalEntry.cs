namespace TattleTail.Journal;

/// <summary>The kinds of entry; the numbers are persisted.</summary>
public enum EntryKind : byte
{
    /// <summary>Events of one partition, or a source's position.</summary>
    Batch = 1,

    /// <summary>A change of the node's state.</summary>
    State = 2,

    /// <summary>The node's whole state.</summary>
    Snapshot = 3,

    /// <summary>A batch appended again, unchanged, so that its old segment can go.</summary>
    Relocated = 4,

    /// <summary>Nothing but a proof of what was durable.</summary>
    Mark = 5,
}

/// <summary>An entry read back.</summary>
/// <param name="Position">Where it stands.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Partition">Whose events, for batches.</param>
/// <param name="Batch">The batch, for batches.</param>
/// <param name="Payload">The bytes of a state change or snapshot.</param>
public readonly record struct JournalEntry(long Position, EntryKind Kind, StreamPartition Partition, BatchPayload Batch, ReadOnlyMemory<byte> Payload);

/// <summary>One segment.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Start">Position of its first byte.</param>
/// <param name="End">Position after its last entry.</param>
/// <param name="FileBytes">Bytes on disk.</param>
/// <param name="IsOpen">Entries are still appended to it.</param>
/// <param name="Quarantined">It is damaged below what was durable; some of its entries cannot be read.</param>
public sealed record SegmentSummary(long Number, long Start, long End, long FileBytes, bool IsOpen, bool Quarantined);

/// <summary>What one partition has in one segment.</summary>
public sealed record SegmentContent(StreamPartition Partition, long FirstOffset, long LastOffset, long Events, long Bytes, long FirstRecordedAtMicros, long LastRecordedAtMicros);

/// <summary>What recovery found and did.</summary>
/// <param name="IsNew">The folder held no journal.</param>
/// <param name="SegmentsScanned">Segments read whole, for want of a footer.</param>
/// <param name="BytesScanned">Bytes read.</param>
/// <param name="Elapsed">Time taken.</param>
/// <param name="CutAt">Where the tail was cut, or null when it ended cleanly.</param>
/// <param name="BytesCut">Bytes cut there.</param>
/// <param name="BytesRescued">Bytes above what was known durable that were copied to a new segment and synced.</param>
/// <param name="Corruptions">Damage below what was durable: quarantined, never cut.</param>
public sealed record RecoveryReport(
    bool IsNew, int SegmentsScanned, long BytesScanned, TimeSpan Elapsed, long? CutAt, long BytesCut, long BytesRescued, IReadOnlyList<JournalCorruption> Corruptions)
{
    /// <summary>Names of files in the folder that are not the journal's: left alone.</summary>
    public IReadOnlyList<string> ForeignFiles { get; init; } = [];
}

/// <summary>A damaged range below what was durable.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="From">Position of the first byte that cannot be trusted.</param>
/// <param name="To">Position after the last.</param>
/// <param name="Reason">What is wrong.</param>
public sealed record JournalCorruption(long Segment, long From, long To, string Reason);

/// <summary>The journal acknowledges nothing any more: the outcome of the append is unknown.</summary>
public sealed class JournalFaultedException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalFaultedException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The journal in a folder is of a newer format, or what is there is no journal: what and what to do.</summary>
public sealed class JournalFormatException : IOException
{
    /// <summary>Creates the exception.</summary>
    public JournalFormatException(string message)
        : base(message)
    {
    }
}
