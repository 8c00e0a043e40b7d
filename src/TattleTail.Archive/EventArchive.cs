using TattleTail.Archive.Catalog;
using TattleTail.Archive.Delta;
using TattleTail.Archive.Reading;
using TattleTail.Storage;

namespace TattleTail.Archive;

/// <summary>
/// Everything ever heard: one Delta table of Parquet files in a store. Which file holds what is kept in memory, read from the transaction log; nothing lists data directories. Safe
/// for concurrent use; commits are serialised. Layout: docs/formats/archive.md.
/// </summary>
public sealed class EventArchive : IDisposable
{
    private readonly ArchiveOptions _options;
    private readonly DeltaLog _log;
    private readonly FileCatalog _catalog = new();
    private readonly ArchiveReader _reader;
    private readonly SemaphoreSlim _commit = new(1, 1);
    private long _version = -1;

    private EventArchive(ArchiveOptions options)
    {
        _options = options;
        _log = new DeltaLog(options.Store);
        _reader = new ArchiveReader(options, _catalog);
    }

    /// <summary>Version of the table as known here.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>
    /// Opens the table, creating it (protocol, metadata) when the store is empty. Refuses with <see cref="ArchiveFormatException"/> a table whose protocol is above what this version writes or whose
    /// schema is not ours. A store that is unreachable is a <see cref="StoreException"/>: the caller tries again later.
    /// </summary>
    public static async ValueTask<EventArchive> OpenAsync(ArchiveOptions options)
    {
        var archive = new EventArchive(options);
        if (await archive._log.FindAboveAsync(-1) is null)
        {
            await archive._log.TryWriteAsync(0, DeltaCommitWriter.CreateTable(archive.NextGuid().ToString("D"), archive.NextGuid().ToString("N"), archive.NowMillis()));
        }

        await archive.RefreshAsync(confirmEach: false, CancellationToken.None);
        while (await archive._log.FindAboveAsync(archive._version) is { } above)
        {
            if (above != archive._version + 1)
            {
                throw new ArchiveFormatException(
                    $"{options.Store.Description}: {DeltaLog.NameOf(archive._version + 1)} is missing before {DeltaLog.NameOf(above)}: restore it from a copy; nothing is written to the table without it");
            }

            await archive.RefreshAsync(confirmEach: false, CancellationToken.None);
        }

        await archive._log.ConfirmAsync(archive._version);
        return archive;
    }

    /// <summary>Reads commits that others made since.</summary>
    public ValueTask RefreshAsync(CancellationToken cancel = default) => RefreshAsync(confirmEach: true, cancel);

    /// <summary>The next position (exclusive end) committed for a partition by the table's <c>txn</c>; null when none is.</summary>
    public long? SealedThrough(Guid topicId, int partition) => _catalog.SealedThrough(topicId, partition);

    /// <summary>Starts a Parquet file for one channel's incarnation and month; events are added in (partition, offset) order.</summary>
    public ArchiveFileWriter StartFile(ArchiveStream stream) => new(stream, _options);

    /// <summary>
    /// Puts files in the store, reads each back against its hash, and commits them all at once with the new positions. Exactly once: on an unknown outcome it finds out.
    /// A <see cref="StoreException"/> means that nothing was committed as far as can be known now; trying again with the same events is safe.
    /// </summary>
    /// <param name="files">Finished files; disposed by the caller.</param>
    /// <param name="positions">Per (topic id, partition): the position it must be at now, and the next.</param>
    public async ValueTask<SealOutcome> CommitAsync(IReadOnlyList<EncodedFile> files, IReadOnlyList<SealedPosition> positions)
    {
        if (positions.DistinctBy(p => (p.TopicId, p.Partition)).Count() != positions.Count)
        {
            throw new ArgumentException("a partition has one position in a commit: of two, readers disagree which holds", nameof(positions));
        }

        await _commit.WaitAsync();
        try
        {
            var protocol = new CommitProtocol(_log, _catalog);
            if (protocol.HasMoved(positions))
            {
                return new SealOutcome(SealResult.Moved, _version, []);
            }

            await PutAsync(files);

            var commitId = NextGuid().ToString("N");
            var (result, version) = await protocol.RunAsync(DeltaCommitWriter.Append(files, positions, commitId, NowMillis()), commitId, positions, _version);
            Volatile.Write(ref _version, version);
            if (result == SealResult.Moved)
            {
                // Every version that a try of ours could have become was read, and is another's or stands in the catalog.
                foreach (var file in files)
                {
                    file.MayBeLive = false;
                }

                await DiscardAsync(files);
                return new SealOutcome(result, version, []);
            }

            return new SealOutcome(result, version, [.. files.Select(f => f.File)]);
        }
        finally
        {
            _commit.Release();
        }
    }

    /// <summary>The live file that holds the partition's first event at or after an offset; null when there is none.</summary>
    public ArchiveFile? FindByOffset(Guid topicId, int partition, long offset) => _catalog.FindByOffset(topicId, partition, offset);

    /// <summary>
    /// Files of the partition from <paramref name="fromOffset"/> on, in offset order, that may hold an event with a time at or after <paramref name="time"/>
    /// (ms of the event's raw timestamp, or µs of recording).
    /// </summary>
    public IReadOnlyList<ArchiveFile> FindByTime(Guid topicId, int partition, long fromOffset, long time, bool byRecorded) =>
        _catalog.FindByTime(topicId, partition, fromOffset, time, byRecorded);

    /// <summary>The incarnations of a channel that have or had files here.</summary>
    public IReadOnlyList<ArchiveStream> Streams(string channel) => _catalog.Streams(channel);

    /// <summary>All live files, or a channel's, in (channel, incarnation, recorded) order.</summary>
    public IReadOnlyList<ArchiveFile> Files(string? channel = null) => _catalog.Files(channel);

    /// <summary>
    /// Events of one partition as uncompressed RecordBatches of about 1 MiB or 500 events framed anew: whole ones, from the one that holds an offset (or follows it, over a hole), up to
    /// <paramref name="maxBytes"/> but at least one; empty when the file has none there. Reads only the row groups that hold them, and what a reader who goes on will want next.
    /// </summary>
    public ValueTask<ArchiveRead> ReadAsync(ArchiveFile file, int partition, long fromOffset, int maxBytes, CancellationToken cancel = default) =>
        _reader.ReadAsync(file, partition, fromOffset, maxBytes, cancel);

    /// <summary>Reads a file back whole: size, SHA-256, rows, order, statistics, positions. Gives the faults, in words; empty when it is sound.</summary>
    public async ValueTask<IReadOnlyList<string>> VerifyAsync(ArchiveFile file, CancellationToken cancel = default) =>
        _catalog.Find(file.Path) is { } add ? await FileVerification.RunAsync(_options.Store, add, cancel) : [$"{file.Path} is no live file of the table"];

    /// <inheritdoc />
    public void Dispose()
    {
        _reader.Dispose();
        _commit.Dispose();
    }

    private async ValueTask RefreshAsync(bool confirmEach, CancellationToken cancel)
    {
        await _commit.WaitAsync(cancel);
        try
        {
            while (await _log.ReadAsync(_version + 1, cancel) is { } commit)
            {
                if (_version < 0)
                {
                    TableProtocol.CheckCreated(commit, _options.Store.Description);
                }
                else
                {
                    TableProtocol.CheckUnchanged(commit, _version + 1);
                }

                if (confirmEach)
                {
                    await _log.ConfirmAsync(_version + 1);
                }

                _catalog.Apply(commit);
                Volatile.Write(ref _version, _version + 1);
            }
        }
        finally
        {
            _commit.Release();
        }
    }

    private async ValueTask PutAsync(IReadOnlyList<EncodedFile> files)
    {
        try
        {
            foreach (var file in files)
            {
                await PutAsync(file);
            }
        }
        catch (StoreException)
        {
            await DiscardAsync(files);
            throw;
        }

        foreach (var file in files)
        {
            file.MayBeLive = true;
        }
    }

    private async ValueTask PutAsync(EncodedFile encoded)
    {
        // A name that exists is an earlier try of ours: the hash tells.
        await _options.Store.PutIfAbsentAsync(encoded.File.Path, encoded.Content);
        var hash = await FileVerification.HashAsync(_options.Store, encoded.File, CancellationToken.None);
        if (hash != encoded.File.Sha256)
        {
            throw new StoreException(StoreError.Unavailable, $"{encoded.File.Path} reads back otherwise than it was written (SHA-256 {hash} instead of {encoded.File.Sha256})");
        }
    }

    /// <summary>Removes files that nothing refers to; what cannot be removed now is an orphan that a vacuum finds. A file of an earlier try whose commit may yet turn out to have been made stays.</summary>
    private async ValueTask DiscardAsync(IReadOnlyList<EncodedFile> files)
    {
        try
        {
            foreach (var file in files)
            {
                if (!file.MayBeLive && _catalog.Find(file.File.Path) is null)
                {
                    await _options.Store.DeleteAsync(file.File.Path);
                }
            }
        }
        catch (StoreException)
        {
            // What is reported is why the files are not in the table; an unreferenced file harms nobody.
        }
    }

    private Guid NextGuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _options.Random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private long NowMillis() => _options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
