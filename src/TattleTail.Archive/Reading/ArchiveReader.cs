using TattleTail.Archive.Catalog;

namespace TattleTail.Archive.Reading;

/// <summary>Reads events out of files: from chunks that are cached, else from the store, and ahead of those who read forwards. Safe for concurrent use.</summary>
internal sealed class ArchiveReader : IDisposable
{
    private readonly ChunkCache _chunks;
    private readonly ReadAhead _ahead;

    public ArchiveReader(ArchiveOptions options, FileCatalog catalog)
    {
        var workers = new Workers(options.Workers);
        _chunks = new ChunkCache(options, workers, () => _ahead!.Wasted());
        _ahead = new ReadAhead(_chunks, catalog, workers);
    }

    /// <summary>See <see cref="EventArchive.ReadAsync"/>.</summary>
    public async ValueTask<ArchiveRead> ReadAsync(ArchiveFile file, int partition, long fromOffset, int maxBytes, CancellationToken cancel)
    {
        var read = new ArchiveRead(maxBytes);
        try
        {
            var next = fromOffset;
            while (!read.IsFull && await _chunks.FindAsync(file, partition, next, LoadReason.Wanted, cancel) is { } place)
            {
                next = read.Take(await _chunks.HoldAsync(place, LoadReason.Wanted, cancel), partition, next);
            }

            if (next > fromOffset)
            {
                _ahead.Follow(file.Stream.TopicId, partition, fromOffset, next);
            }

            return read;
        }
        catch
        {
            read.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _ahead.Close();
        _chunks.Dispose();
    }
}
