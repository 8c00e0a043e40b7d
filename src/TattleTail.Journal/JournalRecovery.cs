namespace TattleTail.Journal;

/// <summary>
/// Opens what lies in a journal's folder: reads the segments, decides where the log ends, and begins a new segment of a new epoch there. Until that segment is durable nothing that counts is changed, so a
/// crash during recovery leaves what was there; afterwards its header says where its predecessor ends.
/// </summary>
internal sealed class JournalRecovery(JournalOptions options)
{
    private readonly FolderContents _folder = new(options);
    private readonly List<JournalCorruption> _corruptions = [];
    private Segment? _next;
    private int _scanned;
    private long _bytesScanned;

    public int Epoch { get; private set; }

    public async ValueTask<RecoveryReport> RunAsync(SegmentCatalog catalog, long? abandonAbove)
    {
        var started = options.Clock.GetTimestamp();
        await _folder.ReadAsync();
        var segments = _folder.Segments;
        for (var i = 0; i < segments.Count - 1; i++)
        {
            ReadClosed(segments[i], segments[i + 1].Start);
        }

        if (segments.Count > 0 && abandonAbove < segments[^1].Start)
        {
            throw new ArgumentOutOfRangeException(nameof(abandonAbove), $"position {abandonAbove} was durable before segment {segments[^1].Number} began at {segments[^1].Start}");
        }

        var tail = segments.Count == 0 ? null : ReadLast(segments[^1], abandonAbove);
        var durable = tail is null ? 0 : abandonAbove ?? Math.Min(tail.Durable, tail.End);
        var keptEnd = tail is null ? 0 : abandonAbove ?? tail.End;
        var cut = tail is { Cut: true };
        var bytesCut = cut ? tail!.SoundEnd - tail.End : 0;
        await BeginAsync(durable, keptEnd);
        await SettleAsync(catalog, tail, durable);
        FindSnapshot(catalog);
        CheckCopies(catalog);
        _corruptions.ForEach(c => catalog.NoteDamage(segments.Find(s => s.Number == c.Segment), c));
        return new RecoveryReport(
            segments.Count == 0, _scanned, _bytesScanned, options.Clock.GetElapsedTime(started), cut ? tail!.End : null, bytesCut, _next!.End - _next.Start, _corruptions)
        {
            ForeignFiles = _folder.Foreign,
        };
    }

    /// <summary>Closes what was opened, after a recovery that failed.</summary>
    public void CloseFiles()
    {
        _folder.CloseFiles();
        _next?.File.Dispose();
    }

    private void ReadClosed(Segment segment, long end)
    {
        segment.End = end;
        if (SegmentFooter.TryRead(segment) is { } footer && footer.End <= end)
        {
            segment.End = footer.End;
            segment.Directory = footer.Lists;
            segment.Snapshots = footer.Snapshots;
            if (footer.End < end)
            {
                Damage(segment.Number + 1, footer.End, end, "segments are missing, or their headers are damaged");
            }

            return;
        }

        var limit = Math.Min(end, LastWritten(segment));
        var scan = Scan(segment, durable: end, limit);
        if (limit < end)
        {
            Damage(segment.Number, limit, end, "the file is shorter than what it held, or segments behind it are missing");
        }

        segment.Index = scan.Index;
        segment.Directory = scan.Index.Summarize();
        segment.Snapshots = scan.Index.Snapshots;
        segment.Quarantined = scan.Corruptions.Count > 0 || limit < end;
    }

    private SegmentScan ReadLast(Segment segment, long? abandonAbove)
    {
        // That its header reads well proves nothing of this file: it may stand in the page cache only. Its entries tell what was durable.
        var limit = abandonAbove ?? LastWritten(segment);
        var scan = Scan(segment, abandonAbove ?? segment.Start, limit);
        segment.Quarantined = scan.Corruptions.Count > 0;
        return scan;
    }

    private SegmentScan Scan(Segment segment, long durable, long limit)
    {
        var scan = SegmentScan.Of(segment, durable, limit, options.MaxEntryBytes);
        _scanned++;
        _bytesScanned += scan.End - segment.Start;
        _corruptions.AddRange(scan.Corruptions);
        return scan;
    }

    /// <summary>The last position that the file's length allows.</summary>
    private static long LastWritten(Segment segment) => segment.Start + Math.Max(0, segment.File.Length - SegmentHeader.EntriesAt);

    private async ValueTask BeginAsync(long durable, long keptEnd)
    {
        await RemoveLeftOversAsync();
        Epoch = _folder.LastEpoch + 1;
        var last = _folder.Segments.Count == 0 ? null : _folder.Segments[^1];
        foreach (var (number, bytes) in _folder.Headless.Where(h => last is not null && h.Number > last.Number))
        {
            // A segment was begun behind all of it, so it is durable; what the headless one held is lost to us, its positions are not used again.
            durable = keptEnd = Math.Max(keptEnd, durable);
            var end = (durable + bytes + EntryHeader.Alignment) & ~(EntryHeader.Alignment - 1L);
            Damage(number, durable, end, "both copies of the segment's header are damaged");
            durable = keptEnd = end;
        }

        var header = new SegmentHeader(_folder.LastNumber + 1, Epoch, durable, Micros.Now(options.Clock));
        _next = await new RecoveredTail(options).BeginAsync(header, last, keptEnd);
    }

    /// <summary>Removes files that never became segments, durably, so that they are not taken for damage once there are segments behind them.</summary>
    private async ValueTask RemoveLeftOversAsync()
    {
        foreach (var name in _folder.LeftOvers)
        {
            options.Files.DeleteFile(Path.Combine(options.Folder, name));
        }

        if (_folder.LeftOvers.Count > 0)
        {
            await options.Files.SyncDirectoryAsync(options.Folder);
        }
    }

    /// <summary>Puts the segments into the catalog. The last one now ends where the new one begins; it gets a footer, so that it is not scanned again, or goes when nothing of it is left.</summary>
    private async ValueTask SettleAsync(SegmentCatalog catalog, SegmentScan? tail, long durable)
    {
        var next = _next!;
        if (tail is not null)
        {
            var last = _folder.Segments[^1];
            last.End = Math.Min(durable, Math.Max(tail.End, last.Start));
            tail.Index.CutAt(durable);
            last.Index = tail.Index;
            last.Directory = tail.Index.Summarize();
            last.Snapshots = tail.Index.Snapshots;
        }

        await RemoveEmptyAsync();

        foreach (var segment in _folder.Segments)
        {
            if (segment.Index is not null && !segment.Quarantined)
            {
                var (footer, bytes) = await SegmentRoll.WriteFooterAsync(segment);
                (segment.Index, segment.Directory, segment.FileBytes) = (null, footer.Lists, bytes);
            }

            catalog.Add(segment);
        }

        var copied = SegmentScan.Of(next, next.End, next.End, options.MaxEntryBytes).Index;
        (next.Index, next.Directory, next.Snapshots, next.FileBytes) = (copied, copied.Summarize(), copied.Snapshots, next.File.Length);
        catalog.Add(next);
        next.IsOpen = true;
        _folder.Spares.ForEach(catalog.AddSpare);
    }

    /// <summary>Segments of openings that wrote nothing: the new one says the same as their headers.</summary>
    private async ValueTask RemoveEmptyAsync()
    {
        var empty = _folder.Segments.Where(s => s.End == s.Start && !s.Quarantined).ToList();
        foreach (var segment in empty)
        {
            segment.File.Dispose();
            _folder.Segments.Remove(segment);
            options.Files.DeleteFile(segment.File.Path);
        }

        if (empty.Count > 0)
        {
            await options.Files.SyncDirectoryAsync(options.Folder);
        }
    }

    /// <summary>The newest snapshot that is whole.</summary>
    private void FindSnapshot(SegmentCatalog catalog)
    {
        foreach (var segment in catalog.All.Reverse())
        {
            using var reader = new EntryReader(segment, options.MaxEntryBytes);
            foreach (var snapshot in segment.Snapshots.Reverse())
            {
                if (reader.TryRead(snapshot, segment.End, out _) && reader.Header.Kind == EntryKind.Snapshot)
                {
                    catalog.NoteSnapshot(snapshot);
                    return;
                }

                if (!_corruptions.Exists(c => c.From <= snapshot && snapshot < c.To))
                {
                    Damage(segment.Number, snapshot, segment.End, "a snapshot of the state does not match its checksum");
                }
            }
        }
    }

    /// <summary>A relocated copy whose original is still there must be equal to it.</summary>
    private void CheckCopies(SegmentCatalog catalog)
    {
        var check = new CopyCheck(catalog, options.MaxEntryBytes);
        foreach (var segment in catalog.All)
        {
            _corruptions.AddRange(check.Unequal(segment));
        }
    }

    private void Damage(long segment, long from, long to, string reason) => _corruptions.Add(new JournalCorruption(segment, from, to, reason));
}
