namespace TattleTail.Log;

/// <summary>Figures as of now.</summary>
public sealed record LogFigures(
    long JournalBytes, long JournalQuotaBytes, long UnsealedEvents, TimeSpan OldestUnsealedAge, long SealFailures, long ArchiveFiles, long ArchiveBytes, long EventsAppended, long BytesAppended);

/// <summary>What an incarnation holds.</summary>
/// <param name="Channel">The incarnation.</param>
/// <param name="Partitions">Its partitions, by number.</param>
public sealed record ChannelFigures(Channel Channel, IReadOnlyList<PartitionFigures> Partitions)
{
    /// <summary>Events recorded and not lost.</summary>
    public long Events => Partitions.Sum(p => p.Events);

    /// <summary>Bytes of their batches as they were recorded.</summary>
    public long Bytes => Partitions.Sum(p => p.Bytes);

    /// <summary>Events that are in the archive.</summary>
    public long SealedEvents => Partitions.Sum(p => p.SealedEvents);

    /// <summary>Bytes of the batches of unsealed events, all in the journal.</summary>
    public long UnsealedBytes => Partitions.Sum(p => p.UnsealedBytes);

    /// <summary>How long the oldest unsealed event has been waiting; null when all are sealed.</summary>
    public TimeSpan? OldestUnsealedAge => Partitions.Max(p => p.OldestUnsealedAge);
}

/// <summary>What a partition holds.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="StartOffset">The first offset served.</param>
/// <param name="HighWatermark">The offset after the last event.</param>
/// <param name="SealedThrough">The offset before which everything is in the archive.</param>
/// <param name="JournalStart">The first offset still in the journal.</param>
/// <param name="Events">Events recorded.</param>
/// <param name="Bytes">Bytes of their batches as they were recorded.</param>
/// <param name="SealedEvents">Events that are in the archive.</param>
/// <param name="UnsealedBytes">Bytes of the batches of the others.</param>
/// <param name="FirstTimestamp">Timestamp of the first event ever (ms, as sent); null when there is none.</param>
/// <param name="LastTimestamp">Largest timestamp of the last batch (ms, as sent); null when there is none.</param>
/// <param name="FirstRecordedAt">When the first event was recorded; null when there is none.</param>
/// <param name="LastRecordedAt">When the last event was recorded; null when there is none.</param>
/// <param name="OldestUnsealedAge">How long the oldest unsealed event has been waiting; null when all are sealed.</param>
public sealed record PartitionFigures(
    int Partition, long StartOffset, long HighWatermark, long SealedThrough, long JournalStart, long Events, long Bytes, long SealedEvents, long UnsealedBytes,
    long? FirstTimestamp, long? LastTimestamp, DateTimeOffset? FirstRecordedAt, DateTimeOffset? LastRecordedAt, TimeSpan? OldestUnsealedAge);
