namespace TattleTail.Journal;

/// <summary>
/// Turns waiting entries into groups and writes each at once; while one group is synced the next one is formed and written, and no more than that, so that small events have time to join. Runs on the
/// writer scheduler.
/// </summary>
internal sealed class WriterLoop(JournalOptions options, SegmentCatalog catalog, AppendQueue queue, SyncLoop syncs, int epoch)
{
    private const int MaxGroupBytes = 8 * 1024 * 1024;

    private readonly GroupBuffer _group = new();
    private readonly SegmentRoll _roll = new(options, catalog, epoch);

    public async Task RunAsync()
    {
        try
        {
            while (queue.Fault is null)
            {
                if (!queue.HasWork(out var closing))
                {
                    if (closing)
                    {
                        break;
                    }

                    await queue.Work.WaitAsync();
                }
                else if (queue.Position > syncs.Target)
                {
                    await queue.Progress.WaitAsync();
                }
                else
                {
                    await WriteGroupAsync();
                }
            }
        }
        catch (Exception e)
        {
            // Whatever stops the writer stops acknowledgement: a fault that nobody hears of would be a hang.
            queue.Fail(e);
        }

        queue.Written.Set();
    }

    private async ValueTask WriteGroupAsync()
    {
        var open = catalog.Open;
        _group.Begin(queue.Position);
        while (_group.Length < MaxGroupBytes && queue.TryTake(out var entry))
        {
            var batch = entry.Batch?.Freeze() ?? default;
            var length = entry.Batch is null ? entry.Payload.Length : BatchPayloadCodec.Size(batch);
            if (length > options.MaxEntryBytes || batch.SourcePosition.Length > BatchPayloadCodec.MaxSourcePosition)
            {
                queue.Refuse(entry, new ArgumentException(
                    $"an entry has at most {options.MaxEntryBytes} bytes and a source position of {BatchPayloadCodec.MaxSourcePosition}; this one has {length} and {batch.SourcePosition.Length}"));
                continue;
            }

            if (NeedsRoll(open, entry, length))
            {
                open = await RollAsync(open, length);
                _group.Begin(queue.Position);
            }

            _group.Add(entry, batch, length, epoch, queue.Durable);
            Index(open, entry, batch, length);
        }

        WriteOut(open);
        _group.Trim();
    }

    private void Index(Segment open, PendingEntry entry, in BatchPayload batch, int payloadLength)
    {
        if (entry.Batch is { } source && !batch.Batch.IsEmpty)
        {
            catalog.AddBatch(open, source.Partition, IndexedBatch.Of(entry.Position, payloadLength, batch));
        }
        else if (entry.Kind == EntryKind.Snapshot)
        {
            catalog.AddSnapshot(open, entry.Position);
        }
    }

    private void WriteOut(Segment open)
    {
        if (_group.Length > 0)
        {
            open.File.Write(open.FileOffset(_group.Start), _group.Written);
            catalog.SetEnd(open, _group.End);
            queue.Wrote(_group.End);
        }
    }

    private bool NeedsRoll(Segment open, PendingEntry entry, int payloadLength)
    {
        var used = open.FileOffset(_group.End);
        return used > SegmentHeader.EntriesAt && (entry.EndsSegment || used + EntryHeader.SizeOf(payloadLength) > options.SegmentBytes);
    }

    /// <summary>
    /// Writes what is pending and the footer, waits until the old segment is durable, and begins the next. So a sound header of a later segment proves that all before it is on disk.
    /// </summary>
    private async ValueTask<Segment> RollAsync(Segment open, int payloadLength)
    {
        WriteOut(open);
        while (queue.Durable < queue.Position)
        {
            if (queue.Fault is { } fault)
            {
                throw new JournalFaultedException("the journal faulted while a segment was ended", fault);
            }

            await queue.Progress.WaitAsync();
        }

        await _roll.EndAsync(open);
        var next = _roll.Begin(open.Number + 1, queue.Position, payloadLength);
        syncs.NameChanged();
        return next;
    }
}
