using System.Buffers;
using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>
/// Opens what lies in a journal's folder: reads the segments, decides where the log ends, and begins a new segment of a new epoch there, into which what may exist only in the page cache is copied and
/// synced. Until that segment is durable nothing on disk is changed, so a crash during recovery leaves what was there; afterwards its header says where its predecessor ends.
/// </summary>
internal sealed class JournalRecovery(JournalOptions options)
{
    private readonly List<JournalCorruption> _corruptions = [];
    private readonly List<Segment> _segments = [];
    private IFile? _next;
    private int _scanned;
    private long _bytesScanned;

    public int Epoch { get; private set; } = 1;

    public async ValueTask<RecoveryReport> RunAsync(SegmentCatalog catalog, long? abandonAbove)
    {
        var started = options.Clock.GetTimestamp();
        var files = options.Files;
        files.CreateDirectory(options.Folder);
        var leftOver = OpenSegments(catalog);
        var isNew = _segments.Count == 0;
        for (var i = 0; i < _segments.Count - 1; i++)
        {
            ReadClosed(_segments[i], _segments[i + 1].Start);
        }

        SegmentScan? tail = isNew ? null : ReadLast(_segments[^1], abandonAbove);
        var cutAt = tail is { Cut: true } ? tail.End : (long?)null;
        var keptEnd = tail?.End ?? 0;
        var durable = tail is null ? 0 : abandonAbove ?? Math.Min(tail.Durable, keptEnd);
        var bytesCut = tail is null ? 0 : Math.Max(0, tail.SoundEnd - keptEnd);
        var next = await BeginSegmentAsync(leftOver, durable, abandonAbove is null ? keptEnd : durable);
        Settle(catalog, tail, durable, next);
        await RemoveLeftOversAsync(catalog, leftOver, next);
        return new RecoveryReport(
            isNew, _scanned, _bytesScanned, options.Clock.GetElapsedTime(started), cutAt, cutAt is null ? 0 : bytesCut, next.End - next.Start, _corruptions);
    }

    /// <summary>Closes what was opened, after a recovery that failed.</summary>
    public void CloseFiles()
    {
        _segments.ForEach(s => s.File.Dispose());
        _next?.Dispose();
    }

    /// <summary>Opens every file that has a sound header, oldest first; returns names of segment files without one, which a crash left before their header was synced.</summary>
    private List<string> OpenSegments(SegmentCatalog catalog)
    {
        var leftOver = new List<string>();
        foreach (var name in options.Files.ListFiles(options.Folder))
        {
            if (name.EndsWith(".spare", StringComparison.Ordinal))
            {
                catalog.AddSpare(name);
                continue;
            }

            if (Segment.NumberOf(name) is not { } number)
            {
                throw new JournalFormatException($"{Path.Combine(options.Folder, name)} is no file of the journal: move it elsewhere and start again");
            }

            var file = options.Files.OpenFile(Path.Combine(options.Folder, name), FileAccess.ReadWrite);
            var bytes = new byte[SegmentHeader.Size];
            var sound = SegmentHeader.TryRead(bytes.AsSpan(0, file.Read(0, bytes)), number, file.Path, out var header);
            if (!sound)
            {
                file.Dispose();
                leftOver.Add(name);
                continue;
            }

            Epoch = Math.Max(Epoch, header.Epoch + 1);
            _segments.Add(new Segment(file, header));
        }

        QuarantineHeaderless(leftOver);
        return leftOver;
    }

    /// <summary>A segment without a sound header below one that has one was durable once: it is damage, and stays where it is.</summary>
    private void QuarantineHeaderless(List<string> leftOver)
    {
        for (var i = leftOver.Count - 1; i >= 0; i--)
        {
            var number = Segment.NumberOf(leftOver[i])!.Value;
            var after = _segments.FindIndex(s => s.Number > number);
            if (after >= 0)
            {
                var from = after == 0 ? 0 : LastWritten(_segments[after - 1]);
                _corruptions.Add(new JournalCorruption(number, from, _segments[after].Start, "the segment's header does not match its checksum"));
                leftOver.RemoveAt(i);
            }
        }
    }

    private void ReadClosed(Segment segment, long end)
    {
        segment.End = end;
        if (TryReadFooter(segment))
        {
            return;
        }

        var scan = SegmentScan.Of(segment, end, Math.Min(end, LastWritten(segment)), options.MaxEntryBytes);
        Count(segment, scan);
        segment.Index = scan.Index;
        segment.Content = scan.Index.Summarize();
    }

    private bool TryReadFooter(Segment segment)
    {
        var length = segment.File.Length;
        var trailer = new byte[SegmentFooter.TrailerSize];
        if (length < SegmentHeader.Size + trailer.Length || segment.File.Read(length - trailer.Length, trailer) < trailer.Length
            || !SegmentFooter.TryReadTrailer(trailer, segment.Header, length, out var offset, out var size, out var crc, out var end) || end != segment.End)
        {
            return false;
        }

        var body = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var index = segment.File.Read(offset, body.AsSpan(0, size)) == size ? SegmentFooter.Decode(body.AsSpan(0, size), crc, segment.Header) : null;
            if (index is null)
            {
                return false;
            }

            _bytesScanned += size;
            segment.Footer = new FooterPlace(offset, size, crc);
            segment.Content = index.Summarize();
            segment.Snapshots = [.. index.Snapshots];
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }
    }

    private SegmentScan ReadLast(Segment segment, long? abandonAbove)
    {
        var limit = abandonAbove ?? LastWritten(segment);
        var scan = SegmentScan.Of(segment, abandonAbove ?? segment.Start, limit, options.MaxEntryBytes);
        Count(segment, scan);
        return scan;
    }

    /// <summary>The last position that the file's length allows.</summary>
    private static long LastWritten(Segment segment) => segment.Start + Math.Max(0, segment.File.Length - SegmentHeader.Size);

    private void Count(Segment segment, SegmentScan scan)
    {
        _scanned++;
        _bytesScanned += scan.End - segment.Start;
        _corruptions.AddRange(scan.Corruptions);
        segment.Quarantined = scan.Corruptions.Count > 0;
    }

    /// <summary>Begins the next segment where what is durable ends, copies the kept tail into it, and syncs it with its name.</summary>
    private async ValueTask<Segment> BeginSegmentAsync(List<string> leftOver, long durable, long keptEnd)
    {
        long number = 1;
        foreach (var name in leftOver)
        {
            number = Math.Max(number, Segment.NumberOf(name)!.Value + 1);
        }

        if (_segments.Count > 0)
        {
            number = Math.Max(number, _segments[^1].Number + 1);
        }

        var header = new SegmentHeader(number, Epoch, durable, Micros.Now(options.Clock));
        var file = options.Files.CreateFile(Path.Combine(options.Folder, Segment.FileName(number)));
        _next = file;
        var segment = new Segment(file, header) { Index = new SegmentIndex(), IsOpen = true };
        file.Allocate(Math.Max(options.SegmentBytes, keptEnd - durable + SegmentHeader.Size));
        var bytes = new byte[SegmentHeader.Size];
        header.Write(bytes);
        file.Write(0, bytes);
        if (keptEnd > durable)
        {
            CopyTail(_segments[^1], segment, keptEnd);
        }

        await file.SyncAsync();
        await options.Files.SyncDirectoryAsync(options.Folder);
        return segment;
    }

    private void CopyTail(Segment from, Segment to, long end)
    {
        using var reader = new EntryReader(from, options.MaxEntryBytes);
        for (var position = to.Start; position < end;)
        {
            if (!reader.TryRead(position, end, out _))
            {
                throw new JournalFaultedException($"{from.File.Path}: the entry at position {position} was sound a moment ago and is not now");
            }

            var header = reader.Header with { Durable = to.Start };
            var entry = new byte[header.EntrySize];
            header.Write(entry, to.Header.Epoch, position);
            reader.Payload.Span.CopyTo(entry.AsSpan(EntryHeader.Size));
            to.File.Write(to.FileOffset(position), entry);
            position += header.EntrySize;
            to.End = position;
        }
    }

    /// <summary>Puts the segments into the catalog; the last one now ends where the new one begins.</summary>
    private void Settle(SegmentCatalog catalog, SegmentScan? tail, long durable, Segment next)
    {
        if (tail is not null)
        {
            var last = _segments[^1];
            last.End = durable;
            var below = next.End == next.Start ? tail : SegmentScan.Of(last, durable, durable, options.MaxEntryBytes);
            last.Index = below.Index;
            last.Content = below.Index.Summarize();
        }

        foreach (var segment in _segments)
        {
            catalog.Add(segment);
            foreach (var snapshot in segment.Index?.Snapshots ?? segment.Snapshots)
            {
                catalog.NoteSnapshot(snapshot);
            }
        }

        catalog.Add(next);
        var copied = SegmentScan.Of(next, next.End, next.End, options.MaxEntryBytes).Index;
        foreach (var partition in copied.Partitions)
        {
            foreach (var batch in copied.Batches(partition))
            {
                catalog.AddBatch(next, partition, batch);
            }
        }

        foreach (var snapshot in copied.Snapshots)
        {
            catalog.AddSnapshot(next, snapshot);
            catalog.NoteSnapshot(snapshot);
        }
    }

    /// <summary>Removes files that never became segments, and an empty predecessor, now that the new segment is durable.</summary>
    private async ValueTask RemoveLeftOversAsync(SegmentCatalog catalog, List<string> leftOver, Segment next)
    {
        foreach (var name in leftOver)
        {
            options.Files.DeleteFile(Path.Combine(options.Folder, name));
        }

        if (_segments.Count > 0 && _segments[^1].End == _segments[^1].Start && !_segments[^1].Quarantined)
        {
            var empty = _segments[^1];
            catalog.Remove(empty);
            empty.File.Dispose();
            options.Files.DeleteFile(empty.File.Path);
            leftOver.Add(empty.File.Path);
        }

        if (leftOver.Count > 0)
        {
            await options.Files.SyncDirectoryAsync(options.Folder);
        }

        next.IsOpen = true;
    }
}
