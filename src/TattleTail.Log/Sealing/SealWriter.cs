using TattleTail.Archive;
using TattleTail.Events.RecordBatches;

namespace TattleTail.Log.Sealing;

/// <summary>
/// Encodes what channels have unsealed into files: one incarnation and one month a file, in (partition, offset) order, cut at the size that the options give. When that size of
/// finished files waits in memory they are committed, one commit at a time, while the next are encoded.
/// </summary>
internal sealed class SealWriter(LogCore log, EventArchive archive, UnsealedRead unsealed, Func<SealBatch, Task<bool>> commit) : IAsyncDisposable
{
    private SealBatch _batch = new();
    private Task<bool> _commit = Task.FromResult(true);
    private ArchiveFileWriter? _file;
    private int _month;

    /// <summary>Encodes a channel's events below the high watermarks of now. False when a commit found that the archive had moved: nothing of this writer counts then.</summary>
    public async ValueTask<bool> AddAsync(Channel channel)
    {
        var stream = new ArchiveStream(channel.Name, channel.Incarnation, channel.TopicId, channel.Source, channel.Address);
        foreach (var partition in channel.Partitions)
        {
            if (!await AddAsync(stream, partition, partition.HighWatermark))
            {
                return false;
            }
        }

        FinishFile();
        return _batch.Bytes < log.Options.SealBytes || await StartCommitAsync();
    }

    /// <summary>Commits what waits; everything is committed then. False as above.</summary>
    public async ValueTask<bool> CommitAsync()
    {
        FinishFile();
        return await StartCommitAsync() && await _commit;
    }

    /// <summary>Gives the memory back, once no commit runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _file?.Dispose();
        _batch.Dispose();
        await _commit;
    }

    /// <summary>Waits for the commit before, then starts that of what waits. False, with nothing started, when the archive had moved.</summary>
    private async ValueTask<bool> StartCommitAsync()
    {
        if (!await _commit)
        {
            return false;
        }

        if (_batch.Parts.Count > 0)
        {
            var batch = _batch;
            _batch = new SealBatch();
            _commit = Task.Factory.StartNew(() => CommitAsync(batch), CancellationToken.None, TaskCreationOptions.DenyChildAttach, log.Ports.ArchiveCommits).Unwrap();
        }

        return true;
    }

    private async Task<bool> CommitAsync(SealBatch batch)
    {
        using (batch)
        {
            return await commit(batch);
        }
    }

    private async ValueTask<bool> AddAsync(ArchiveStream stream, LogPartition partition, long end)
    {
        var progress = Begin(partition, partition.SealedThrough);
        while (progress.Next < end)
        {
            using var read = await unsealed.ReadAsync(partition, progress.Next);
            var before = progress.Next;
            foreach (var payload in read.Batches)
            {
                if (!RecordBatchHeader.TryRead(payload.Batch.Span, out var header) || header.BaseOffset >= end)
                {
                    break;
                }

                Append(stream, partition.Index, payload.RecordedAtMicros, payload.Batch.Span, progress.Next);
                progress.Next = header.LastOffset + 1;
                progress.Events += header.Count;
                progress.Bytes += header.TotalSize;
                progress.RestSince = payload.RecordedAtMicros;
                if (_file!.EstimatedBytes >= log.Options.SealBytes)
                {
                    FinishFile();
                    if (_batch.Bytes >= log.Options.SealBytes)
                    {
                        _batch.Add(progress);
                        if (!await StartCommitAsync())
                        {
                            return false;
                        }

                        progress = Begin(partition, progress.Next, progress.RestSince);
                    }
                }
            }

            if (progress.Next == before)
            {
                // Below the high watermark and not in the journal: a gap, which the ledger explains.
                progress.Next = end;
            }
        }

        if (progress.Next > progress.From)
        {
            _batch.Add(progress);
        }

        return true;
    }

    private PartitionProgress Begin(LogPartition partition, long from, long? restSince = null)
    {
        lock (log.Gate)
        {
            return new PartitionProgress(partition, from, restSince ?? partition.State.OldestUnsealed);
        }
    }

    private void Append(ArchiveStream stream, int partition, long recordedAt, ReadOnlySpan<byte> batch, long from)
    {
        var month = SealPlan.MonthOf(recordedAt);
        if (_file is not null && _month != month)
        {
            FinishFile();
        }

        _file ??= archive.StartFile(stream);
        _month = month;
        _file.Append(partition, recordedAt, batch, from);
    }

    private void FinishFile()
    {
        if (_file is null)
        {
            return;
        }

        _batch.Add(_file.Finish());
        _file.Dispose();
        _file = null;
    }
}
