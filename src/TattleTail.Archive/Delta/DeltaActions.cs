namespace TattleTail.Archive.Delta;

/// <summary>A live file as the log's <c>add</c> tells it.</summary>
/// <param name="File">The file.</param>
/// <param name="Statistics">Its <c>stats</c> text.</param>
internal sealed record AddAction(ArchiveFile File, string Statistics);

/// <summary>A move of a partition's position: the <c>txn</c> action.</summary>
internal readonly record struct TxnAction(Guid TopicId, int Partition, long Version);

/// <summary>One version of the table.</summary>
internal sealed class DeltaCommit
{
    /// <summary>The writer's own id of the commit; null in a foreign one.</summary>
    public string? CommitId { get; set; }

    /// <summary>It changes protocol or metadata.</summary>
    public bool ChangesTable { get; set; }

    public int? ReaderVersion { get; set; }

    public int? WriterVersion { get; set; }

    public List<string> WriterFeatures { get; } = [];

    public string? SchemaString { get; set; }

    public List<TxnAction> Txns { get; } = [];

    public List<AddAction> Adds { get; } = [];

    public List<string> Removes { get; } = [];
}
