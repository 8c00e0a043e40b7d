using TattleTail.Archive.Catalog;
using TattleTail.Storage;

namespace TattleTail.Archive.Delta;

/// <summary>
/// Puts a version into the table exactly once: a put-if-absent of the next number. When the number is taken, or the outcome unknown, the version that stands there decides: ours is done; a changed
/// protocol or schema stops; a moved position of ours gives up; anything else is taken in and the next number tried.
/// </summary>
internal sealed class CommitProtocol(DeltaLog log, FileCatalog catalog)
{
    public async ValueTask<(SealResult Result, long Version)> RunAsync(byte[] content, string commitId, IReadOnlyList<SealedPosition> positions, long known)
    {
        for (var version = known + 1; ; version++)
        {
            var written = await TryWriteAsync(version, content);
            if (written != true)
            {
                var winner = await log.ReadAsync(version);
                if (winner is null)
                {
                    // The put failed and nothing stands there; it was told as an exception.
                    throw new StoreException(StoreError.Unavailable, $"{DeltaLog.NameOf(version)} could not be written: the store says it exists and does not have it");
                }

                if (winner.CommitId != commitId)
                {
                    TableProtocol.CheckUnchanged(winner, version);
                    catalog.Apply(winner);
                    if (HasMoved(positions))
                    {
                        return (SealResult.Moved, version);
                    }

                    continue;
                }
            }

            catalog.Apply(DeltaCommitReader.Read(content, DeltaLog.NameOf(version)));
            return (SealResult.Committed, version);
        }
    }

    /// <summary>True: a position is not where the caller believes. A partition that was never sealed may begin anywhere.</summary>
    public bool HasMoved(IReadOnlyList<SealedPosition> positions)
    {
        foreach (var position in positions)
        {
            if (catalog.SealedThrough(position.TopicId, position.Partition) is { } sealedThrough && sealedThrough != position.Expected)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True: written; false: the number is taken, perhaps by ourselves. An exception when nothing stands there after a failure.</summary>
    private async ValueTask<bool> TryWriteAsync(long version, byte[] content)
    {
        try
        {
            return await log.TryWriteAsync(version, content);
        }
        catch (StoreException) when (version >= 0)
        {
            if (await log.ReadAsync(version) is null)
            {
                throw;
            }

            return false;
        }
    }
}
