using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>
/// The writer loop, which turns queued entries into groups and writes each at once, and the sync loop, which makes what is written durable and completes it. While one group is synced the next
/// one is formed and written; the writer never runs further ahead, so that small events have time to join.
/// </summary>
internal sealed class GroupCommit(JournalOptions options, SegmentCatalog catalog, int epoch) : IDisposable
{
    private const int MaxGroupBytes = 8 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly AsyncSignal _work = new();
    private readonly AsyncSignal _written = new();
    private readonly AsyncSignal _synced = new();
    private readonly GroupBuffer _group = new();
    private readonly TaskCompletionSource _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopped = new();
    private Queue<PendingEntry> _queue = new();
    private readonly Queue<PendingEntry> _unsynced = new();
    private bool _closing;
    private bool _rollAsked;
    private bool _directoryDirty;
    private long _position;
    private long _toSync;
    private long _durable;
    private Task _loops = Task.CompletedTask;

    /// <summary>Bytes made durable and how long it took, told after each sync.</summary>
    public Action<long, TimeSpan>? Synced { get; set; }

    public long Durable => Volatile.Read(ref _durable);

    public long End => Volatile.Read(ref _position);

    public Exception? Fault { get; private set; }

    public Task Faulted => _faulted.Task;

    public void Start(long position)
    {
        _position = _toSync = _durable = position;
        _loops = Task.WhenAll(
            Task.Factory.StartNew(WriteLoopAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, options.Writer).Unwrap(),
            Task.Factory.StartNew(SyncLoopAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, options.Sync).Unwrap(),
            Task.Factory.StartNew(MarkLoopAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, options.Writer).Unwrap());
    }

    public Task<long> Append(PendingEntry entry)
    {
        lock (_lock)
        {
            if (Fault is not null || _closing)
            {
                entry.Fail(Fault is null ? new JournalFaultedException("the journal is closed") : Unavailable(Fault));
                return entry.Completion;
            }

            _queue.Enqueue(entry);
        }

        _work.Set();
        return entry.Completion;
    }

    /// <summary>Ends the open segment behind what is queued now.</summary>
    public async ValueTask RollAsync()
    {
        Volatile.Write(ref _rollAsked, true);
        await Append(new PendingEntry(EntryKind.Mark, null, default));
    }

    public async ValueTask CloseAsync()
    {
        lock (_lock)
        {
            _closing = true;
        }

        _stopped.Cancel();
        _work.Set();
        _written.Set();
        _synced.Set();
        await _loops;
    }

    public void Dispose() => _stopped.Dispose();

    private bool IsRunning => Fault is null;

    private async Task WriteLoopAsync()
    {
        try
        {
            while (IsRunning)
            {
                if (!HasWork(out var closing))
                {
                    if (closing)
                    {
                        break;
                    }

                    await _work.WaitAsync();
                    continue;
                }

                // One written group waits for the disk at most.
                while (IsRunning && _toSync > Durable)
                {
                    await _synced.WaitAsync();
                }

                if (IsRunning)
                {
                    await WriteGroupAsync();
                }
            }
        }
        catch (Exception e)
        {
            // Whatever stops the writer stops acknowledgement: a fault that nobody hears of would be a hang.
            Fail(e);
        }

        _written.Set();
    }

    private bool HasWork(out bool closing)
    {
        lock (_lock)
        {
            closing = _closing;
            return _queue.Count > 0;
        }
    }

    private async ValueTask WriteGroupAsync()
    {
        var open = catalog.Open;
        _group.Begin(_position);
        while (_group.Length < MaxGroupBytes && TryTake(out var entry))
        {
            var batch = entry.Batch?.Freeze() ?? default;
            var payloadLength = entry.Batch is null ? entry.Payload.Length : BatchPayloadCodec.Size(batch);
            if (NeedsRoll(open, payloadLength))
            {
                open = await RollAsync(open, payloadLength);
                _group.Begin(_position);
            }

            _group.Add(entry, batch, payloadLength, epoch, Durable);
            Index(open, entry, batch, payloadLength);
        }

        WriteOut(open);
    }

    private bool TryTake(out PendingEntry entry)
    {
        lock (_lock)
        {
            if (!_queue.TryDequeue(out entry!))
            {
                return false;
            }

            _unsynced.Enqueue(entry);
            return true;
        }
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
        if (_group.Length == 0)
        {
            return;
        }

        open.File.Write(open.FileOffset(_group.Start), _group.Written);
        catalog.SetEnd(open, _group.End);
        Volatile.Write(ref _position, _group.End);
        Volatile.Write(ref _toSync, _group.End);
        _written.Set();
    }

    private bool NeedsRoll(Segment open, int payloadLength)
    {
        var used = open.FileOffset(_group.End);
        var asked = Volatile.Read(ref _rollAsked) && used > SegmentHeader.Size;
        return asked || (used > SegmentHeader.Size && used + EntryHeader.SizeOf(payloadLength) > options.SegmentBytes);
    }

    /// <summary>
    /// Writes what is pending and the footer, waits until the old segment is durable, and begins the next. So a sound header of a later segment proves that all before it is on disk.
    /// </summary>
    private async ValueTask<Segment> RollAsync(Segment open, int payloadLength)
    {
        Volatile.Write(ref _rollAsked, false);
        WriteOut(open);
        var place = WriteFooter(open);
        while (Durable < _position)
        {
            await _synced.WaitAsync();
            if (Fault is { } fault)
            {
                throw new JournalFaultedException("the journal faulted while a segment was ended", fault);
            }
        }

        await open.File.SyncAsync();
        catalog.Close(open, place);
        var next = CreateNext(open, payloadLength);
        catalog.Add(next);
        _directoryDirty = true;
        return next;
    }

    private FooterPlace WriteFooter(Segment open)
    {
        var offset = open.FileOffset(_position);
        var footer = SegmentFooter.Encode(open.Index!, open.Header, offset, _position);
        open.File.Write(offset, footer);
        open.File.SetLength(offset + footer.Length);
        var body = footer.AsSpan(0, footer.Length - SegmentFooter.TrailerSize);
        return new FooterPlace(offset, body.Length, Events.Crc32C.Of(body));
    }

    private Segment CreateNext(Segment open, int payloadLength)
    {
        var header = new SegmentHeader(open.Number + 1, epoch, _position, Micros.Now(options.Clock));
        var path = Path.Combine(options.Folder, Segment.FileName(header.Number));
        IFile file;
        if (catalog.TakeSpare() is { } spare)
        {
            options.Files.Rename(Path.Combine(options.Folder, spare), path);
            file = options.Files.OpenFile(path, FileAccess.ReadWrite);
        }
        else
        {
            file = options.Files.CreateFile(path);
        }

        file.Allocate(Math.Max(options.SegmentBytes, SegmentHeader.Size + EntryHeader.SizeOf(payloadLength)));
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        header.Write(bytes);
        file.Write(0, bytes);
        return new Segment(file, header) { Index = new SegmentIndex(), IsOpen = true };
    }

    private async Task SyncLoopAsync()
    {
        try
        {
            while (true)
            {
                var target = Volatile.Read(ref _toSync);
                if (target > Durable && IsRunning)
                {
                    await SyncAsync(target);
                    continue;
                }

                if (!IsRunning || (_stopped.IsCancellationRequested && WriterIsDone()))
                {
                    break;
                }

                await _written.WaitAsync();
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    private bool WriterIsDone()
    {
        lock (_lock)
        {
            return _closing && _queue.Count == 0 && _position == Durable;
        }
    }

    private async ValueTask SyncAsync(long target)
    {
        var open = catalog.Open;
        var before = Durable;
        var started = options.Clock.GetTimestamp();
        await open.File.SyncAsync();
        if (_directoryDirty)
        {
            await options.Files.SyncDirectoryAsync(options.Folder);
            _directoryDirty = false;
        }

        if (!IsRunning)
        {
            return;
        }

        Volatile.Write(ref _durable, target);
        Complete(target);
        _synced.Set();
        Synced?.Invoke(target - before, options.Clock.GetElapsedTime(started));
    }

    private void Complete(long durable)
    {
        while (true)
        {
            PendingEntry? entry;
            lock (_lock)
            {
                if (!_unsynced.TryPeek(out entry) || entry.End > durable)
                {
                    return;
                }

                _unsynced.Dequeue();
            }

            if (entry.Kind == EntryKind.Snapshot)
            {
                catalog.NoteSnapshot(entry.Position);
            }

            entry.Complete();
        }
    }

    /// <summary>An idle journal says once what was durable, so that recovery knows it too.</summary>
    private async Task MarkLoopAsync()
    {
        var marked = _durable;
        try
        {
            while (IsRunning)
            {
                await Task.Delay(options.MarkAfter, options.Clock, _stopped.Token);
                var end = End;
                if (end > marked && Durable == end)
                {
                    await Append(new PendingEntry(EntryKind.Mark, null, default));
                    marked = Durable;
                }
            }
        }
        catch (OperationCanceledException) when (_stopped.IsCancellationRequested)
        {
            // Closed.
        }
        catch (JournalFaultedException)
        {
            // Whoever appends is told; a mark has nobody to tell.
        }
    }

    private void Fail(Exception reason)
    {
        List<PendingEntry> lost = [];
        lock (_lock)
        {
            Fault ??= reason;
            lost.AddRange(_unsynced);
            lost.AddRange(_queue);
            _unsynced.Clear();
            _queue = new Queue<PendingEntry>();
        }

        _stopped.Cancel();
        foreach (var entry in lost)
        {
            entry.Fail(Unavailable(Fault));
        }

        _work.Set();
        _written.Set();
        _synced.Set();
        _faulted.TrySetResult();
    }

    private static JournalFaultedException Unavailable(Exception reason) => new($"the journal acknowledges nothing since a fault: {reason.Message}", reason);
}
