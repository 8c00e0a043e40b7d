using TattleTail.Archive.Reading;
using TattleTail.Storage;

namespace TattleTail.Archive;

/// <summary>Where the archive lives and how its files are cut.</summary>
public sealed record ArchiveOptions
{
    /// <summary>The store.</summary>
    public required IObjectStore Store { get; init; }

    /// <summary>The clock, for commit times.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Draws file names, commit ids and the table's id.</summary>
    public required Random Random { get; init; }

    /// <summary>Runs what is loaded for readers: should leave the processor to others who want it.</summary>
    public required TaskScheduler Workers { get; init; }

    /// <summary>Estimated bytes of a row group (encoded). Default 12 MiB.</summary>
    public int RowGroupBytes { get; init; } = 12 * 1024 * 1024;

    /// <summary>Memory for footers of files that were read. Default 32 MiB.</summary>
    public long FooterCacheBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Memory for row groups that are being read, as they lie in the store, and for their decoders. Default 192 MiB.</summary>
    public long RowGroupCacheBytes { get; init; } = 192 * 1024 * 1024;

    /// <summary>Bytes that are decoded and framed at once for readers, about. Default 2 MiB.</summary>
    public int ChunkBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Memory for batches framed from them. Default 96 MiB.</summary>
    public long ChunkCacheBytes { get; init; } = 96 * 1024 * 1024;
}

/// <summary>Whose events a file holds.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Incarnation">The incarnation.</param>
/// <param name="TopicId">The incarnation's topic id.</param>
/// <param name="Source">The name of the source that owns it; <c>spew</c> for the embedded broker.</param>
/// <param name="Address">The broker's own name for it.</param>
public sealed record ArchiveStream(string Channel, int Incarnation, Guid TopicId, string Source, string Address);

/// <summary>A move of a partition's sealed position in a commit.</summary>
public sealed record SealedPosition(Guid TopicId, int Partition, long Expected, long Next);

/// <summary>How a commit ended.</summary>
public enum SealResult
{
    /// <summary>Committed and verified.</summary>
    Committed,

    /// <summary>A partition's position was not the expected one: the files were discarded; read <see cref="EventArchive.SealedThrough"/> and build them anew.</summary>
    Moved,
}

/// <summary>A commit's outcome.</summary>
/// <param name="Result">How it ended.</param>
/// <param name="Version">The table's version after it.</param>
/// <param name="Files">The files as committed.</param>
public sealed record SealOutcome(SealResult Result, long Version, IReadOnlyList<ArchiveFile> Files);

/// <summary>A live file of the table.</summary>
/// <param name="Path">Its name in the store, relative to the table.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
/// <param name="Stream">Whose events.</param>
/// <param name="RecordedMonth">Its partition value, <c>yyyy-MM</c>.</param>
/// <param name="Events">Rows.</param>
/// <param name="FirstRecordedAtMicros">Earliest recording.</param>
/// <param name="LastRecordedAtMicros">Latest recording.</param>
/// <param name="Partitions">What it holds of each partition, by partition.</param>
public sealed record ArchiveFile(
    string Path, long Size, string Sha256, ArchiveStream Stream, string RecordedMonth, long Events, long FirstRecordedAtMicros, long LastRecordedAtMicros,
    IReadOnlyList<PartitionRange> Partitions);

/// <summary>What a file holds of one partition. Timestamps are the raw ones of the events, in ms.</summary>
public sealed record PartitionRange(int Partition, long FirstOffset, long LastOffset, long Events, long MinTimestamp, long MaxTimestamp);

/// <summary>Framed batches read from a file, and the hold on their memory.</summary>
public sealed class ArchiveRead : IDisposable
{
    private readonly List<FramedChunk> _chunks = [];
    private readonly List<ArchivedBatch> _batches = [];
    private readonly int _maxBytes;
    private long _bytes;

    internal ArchiveRead(int maxBytes) => _maxBytes = maxBytes;

    /// <summary>The batches in offset order, valid until <see cref="Dispose"/>.</summary>
    public IReadOnlyList<ArchivedBatch> Batches => _batches;

    /// <summary>There is no room for the next batch.</summary>
    internal bool IsFull { get; private set; }

    /// <inheritdoc />
    public void Dispose()
    {
        _batches.Clear();
        _chunks.ForEach(chunk => chunk.Release());
        _chunks.Clear();
    }

    /// <summary>Takes over a chunk that is held, and of it what there is room for from the batch on that holds an offset, or follows it; returns the offset to go on from.</summary>
    internal long Take(FramedChunk chunk, int partition, long from)
    {
        _chunks.Add(chunk);
        chunk.WasRead = true;
        foreach (var batch in chunk.Batches)
        {
            if (batch.Partition != partition || batch.LastOffset < from)
            {
                continue;
            }

            if (IsFull || (_batches.Count > 0 && _bytes + batch.Batch.Batch.Length > _maxBytes))
            {
                IsFull = true;
                break;
            }

            _batches.Add(batch.Batch);
            _bytes += batch.Batch.Batch.Length;
            IsFull = _bytes >= _maxBytes;
            from = batch.LastOffset + 1;
        }

        return from;
    }
}

/// <summary>A batch framed from archived events: leader epoch -1, no producer, uncompressed.</summary>
/// <param name="Batch">One RecordBatch v2.</param>
/// <param name="RecordedAtMicros">When each of its events was recorded, µs since 1970 UTC.</param>
public readonly record struct ArchivedBatch(ReadOnlyMemory<byte> Batch, ReadOnlyMemory<long> RecordedAtMicros);

/// <summary>The table is not one that this version may write, or a file is damaged: what, where, what to do.</summary>
public sealed class ArchiveFormatException : IOException
{
    /// <summary>Creates the exception.</summary>
    public ArchiveFormatException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
