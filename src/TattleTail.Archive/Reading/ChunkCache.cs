using TattleTail.Archive.Parquet;

namespace TattleTail.Archive.Reading;

/// <summary>
/// What was read of the archive, each kind bounded by bytes: footers, row groups as they lie in their files, and chunks framed from them. Where chunks begin depends on the row group
/// alone, so that readers who come to the same events share them. Safe for concurrent use.
/// </summary>
internal sealed class ChunkCache : IDisposable
{
    /// <summary>Indexes are small unless offsets have many holes.</summary>
    private const long IndexCacheBytes = 16 * 1024 * 1024;

    private readonly ArchiveOptions _options;
    private readonly LoadingCache<string, FileFooter> _footers;
    private readonly LoadingCache<(string Path, int Group), RowGroupIndex> _indexes;
    private readonly LoadingCache<(string Path, int Group), LoadedRowGroup> _groups;
    private readonly LoadingCache<(string Path, int Group, int Chunk), FramedChunk> _chunks;
    private readonly FramingRoom _room = new();
    private volatile bool _closed;

    /// <param name="options">Store and sizes.</param>
    /// <param name="workers">Where everything is loaded.</param>
    /// <param name="wasted">Told when a chunk was dropped that nobody had read.</param>
    public ChunkCache(ArchiveOptions options, Workers workers, Action wasted)
    {
        _options = options;
        _footers = new(workers, options.FooterCacheBytes, footer => footer.Bytes.Length + (footer.RowGroups.Count * 64L));
        _indexes = new(workers, IndexCacheBytes, index => index.MemoryBytes);
        _groups = new(workers, options.RowGroupCacheBytes, group => group.MemoryBytes, group => group.Close());
        _chunks = new(workers, options.ChunkCacheBytes, chunk => chunk.Bytes, chunk =>
        {
            if (!chunk.WasRead)
            {
                wasted();
            }

            chunk.Release();
        });
    }

    /// <summary>Where a file has the partition's first event at or after an offset; null when it has none.</summary>
    public async ValueTask<ChunkPlace?> FindAsync(ArchiveFile file, int partition, long offset, LoadReason reason, CancellationToken cancel)
    {
        var footer = _footers.TryGet(file.Path, out var cached) ? cached : await FooterAsync(file, reason, cancel);
        for (var group = 0; group < footer.RowGroups.Count; group++)
        {
            if (!footer.RowGroups[group].MayHold(partition, offset))
            {
                continue;
            }

            var index = _indexes.TryGet((file.Path, group), out var known) ? known : await IndexAsync(file, footer, group, reason, cancel);
            if (index.FirstAtOrAfter(partition, offset) is { } row)
            {
                return new ChunkPlace(file, footer, group, row / RowsOfChunk(footer.RowGroups[group]));
            }
        }

        return null;
    }

    /// <summary>A chunk, held for the caller.</summary>
    public async ValueTask<FramedChunk> HoldAsync(ChunkPlace place, LoadReason reason, CancellationToken cancel)
    {
        var chunk = _chunks.TryGet(place.Key, out var cached) ? cached : await LoadAsync(place, reason, cancel);
        while (!chunk.TryHold())
        {
            // It was dropped again before we came to it.
            ObjectDisposedException.ThrowIf(_closed, this);
            chunk = await LoadAsync(place, reason, cancel);
        }

        return chunk;
    }

    public void Dispose()
    {
        _closed = true;
        _chunks.Close();
        _groups.Close();
        _indexes.Close();
        _footers.Close();
    }

    /// <summary>Rows of about the bytes of a chunk, in whole batches where events are small.</summary>
    private int RowsOfChunk(RowGroupPlace place)
    {
        var rows = (int)Math.Clamp((long)_options.ChunkBytes * place.Rows / Math.Max(1, place.RawBytes), 1, place.Rows);
        return rows > BatchFramer.MaxBatchEvents ? rows / BatchFramer.MaxBatchEvents * BatchFramer.MaxBatchEvents : rows;
    }

    private ValueTask<FileFooter> FooterAsync(ArchiveFile file, LoadReason reason, CancellationToken cancel) =>
        _footers.LoadAsync(file.Path, reason, () => FileFooter.LoadAsync(_options.Store, file, CancellationToken.None), cancel);

    private ValueTask<RowGroupIndex> IndexAsync(ArchiveFile file, FileFooter footer, int group, LoadReason reason, CancellationToken cancel) =>
        _indexes.LoadAsync((file.Path, group), reason, async () => (await RowGroupAsync(file, footer, group, reason)).Index, cancel);

    private ValueTask<LoadedRowGroup> RowGroupAsync(ArchiveFile file, FileFooter footer, int group, LoadReason reason) =>
        _groups.TryGet((file.Path, group), out var loaded)
            ? ValueTask.FromResult(loaded)
            : _groups.LoadAsync((file.Path, group), reason, () => LoadedRowGroup.LoadAsync(_options.Store, file, footer, group), CancellationToken.None);

    private ValueTask<FramedChunk> LoadAsync(ChunkPlace place, LoadReason reason, CancellationToken cancel) => _chunks.LoadAsync(place.Key, reason, async () =>
    {
        var size = RowsOfChunk(place.Footer.RowGroups[place.Group]);
        var first = place.Chunk * size;
        while (true)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var group = await RowGroupAsync(place.File, place.Footer, place.Group, reason);
            using var turn = await group.EnterAsync(first);
            if (turn is not null)
            {
                return _room.Frame(turn, Math.Min(size, group.Index.Rows - first));
            }
        }
    }, cancel);
}

/// <summary>A chunk of a row group of a file, by its number in the row group.</summary>
internal readonly record struct ChunkPlace(ArchiveFile File, FileFooter Footer, int Group, int Chunk)
{
    public (string Path, int Group, int Chunk) Key => (File.Path, Group, Chunk);
}
