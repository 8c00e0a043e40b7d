using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>
/// Begins the segment of a new epoch where what is durable ends, with what is kept of the tail above that, which may exist only in the page cache. The header is written last, when the entries are on
/// disk: a crash before leaves a file without a header beside everything that was there.
/// </summary>
internal sealed class RecoveredTail(JournalOptions options)
{
    /// <summary>Creates the segment; when it returns, the segment is durable with its name.</summary>
    /// <param name="header">Number, epoch, and where it starts.</param>
    /// <param name="from">The segment that has the tail, or null.</param>
    /// <param name="keptEnd">Where the tail ends.</param>
    public async ValueTask<Segment> BeginAsync(SegmentHeader header, Segment? from, long keptEnd)
    {
        var path = Path.Combine(options.Folder, Segment.FileName(header.Number));
        var file = options.Files.CreateFile(path);
        try
        {
            var bytes = keptEnd - header.Start;
            file.Allocate(Math.Max(options.SegmentBytes, SegmentHeader.EntriesAt + bytes));
            var segment = new Segment(file, header);
            if (from is not null && bytes > 0)
            {
                Copy(from, segment, keptEnd);
                await file.SyncAsync();
            }

            SegmentRoll.WriteHeader(file, header);
            await file.SyncAsync();
            await options.Files.SyncDirectoryAsync(options.Folder);
            return segment;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private void Copy(Segment from, Segment to, long end)
    {
        using var reader = new EntryReader(from, options.MaxEntryBytes);
        var entry = Array.Empty<byte>();
        for (var position = to.Start; position < end;)
        {
            if (!reader.TryRead(position, end, out _))
            {
                throw new FileSystemException(FileSystemError.Failed, "read", from.File.Path, $"the entry at position {position} was sound a moment ago and is not now");
            }

            var header = reader.Header with { Durable = to.Start };
            if (entry.Length < header.EntrySize)
            {
                entry = new byte[header.EntrySize];
            }

            var bytes = entry.AsSpan(0, (int)header.EntrySize);
            bytes.Clear();
            header.Write(bytes, to.Header.Epoch, position);
            reader.Payload.Span.CopyTo(bytes[EntryHeader.Size..]);
            to.File.Write(to.FileOffset(position), bytes);
            position += header.EntrySize;
            to.End = position;
        }
    }
}
