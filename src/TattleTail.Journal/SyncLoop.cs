namespace TattleTail.Journal;

/// <summary>Makes what is written durable, file and name, and completes it. Runs on the sync scheduler.</summary>
internal sealed class SyncLoop(JournalOptions options, SegmentCatalog catalog, AppendQueue queue)
{
    private bool _directoryIsDirty;
    private long _target = queue.Durable;

    /// <summary>Bytes made durable and how long it took, told after each sync.</summary>
    public Action<long, TimeSpan>? Synced { get; set; }

    /// <summary>The position up to which the running sync, or the last one, reaches.</summary>
    public long Target => Volatile.Read(ref _target);

    /// <summary>The open segment's name is not durable yet; the next sync sees to it. Called before anything in that segment is written.</summary>
    public void NameChanged() => Volatile.Write(ref _directoryIsDirty, true);

    public async Task RunAsync()
    {
        try
        {
            while (queue.Fault is null)
            {
                if (queue.Position > queue.Durable)
                {
                    await SyncAsync(queue.Position);
                }
                else if (queue.IsDrained)
                {
                    break;
                }
                else
                {
                    await queue.Written.WaitAsync();
                }
            }
        }
        catch (Exception e)
        {
            // Whatever stops the sync stops acknowledgement: a fault that nobody hears of would be a hang.
            queue.Fail(e);
        }
    }

    private async ValueTask SyncAsync(long target)
    {
        var before = queue.Durable;
        var open = catalog.Open;
        var started = options.Clock.GetTimestamp();
        Volatile.Write(ref _target, target);
        queue.Progress.Set();
        await open.File.SyncAsync();
        if (Volatile.Read(ref _directoryIsDirty))
        {
            await options.Files.SyncDirectoryAsync(options.Folder);
            Volatile.Write(ref _directoryIsDirty, false);
        }

        if (queue.TryAdvance(target, Completing))
        {
            Synced?.Invoke(target - before, options.Clock.GetElapsedTime(started));
        }
    }

    private void Completing(PendingEntry entry)
    {
        if (entry.Kind == EntryKind.Snapshot)
        {
            catalog.NoteSnapshot(entry.Position);
        }
    }
}
