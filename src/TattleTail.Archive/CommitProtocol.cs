using TattleTail.Archive.Catalog;
using TattleTail.Archive.Delta;
using TattleTail.Storage;

namespace TattleTail.Archive;

/// <summary>
/// Puts a version into the table exactly once: a put-if-absent of the next number. When the number is taken, or the outcome unknown, the version that stands there decides: ours is done; a changed
/// protocol or schema stops; a moved position of ours gives up; anything else is taken in and the next number tried.
/// </summary>
internal sealed class CommitProtocol(DeltaLog log, FileCatalog catalog)
{
    private const int MaxTries = 3;

    public async ValueTask<(SealResult Result, long Version)> RunAsync(byte[] content, string commitId, IReadOnlyList<SealedPosition> positions, long known)
    {
        for (var version = known + 1; ; version++)
        {
            if (!await TryWriteAsync(version, content))
            {
                var winner = await log.ReadAsync(version);
                if (winner is null)
                {
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

    /// <summary>
    /// True: written; false: the number is taken, perhaps by ourselves, and what stands there is durable. After a failure the outcome is unknown, and the same put tells it: it
    /// writes what is absent, and answers false, synced, for what is there.
    /// </summary>
    private async ValueTask<bool> TryWriteAsync(long version, byte[] content)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await log.TryWriteAsync(version, content);
            }
            catch (StoreException) when (tries < MaxTries)
            {
                continue;
            }
        }
    }
}
