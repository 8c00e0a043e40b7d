using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>Ends segments and begins new ones.</summary>
internal sealed class SegmentRoll(JournalOptions options, SegmentCatalog catalog, int epoch)
{
    /// <summary>Writes and syncs the footer of a segment all of whose entries are durable.</summary>
    public async ValueTask EndAsync(Segment segment)
    {
        var (footer, bytes) = await WriteFooterAsync(segment);
        catalog.Close(segment, footer, bytes);
        if (catalog.HoldBehind(options.PageCacheBytes) is { } old)
        {
            old.File.Forget();
            catalog.Release(old);
        }
    }

    /// <summary>Begins the next segment, in a spare file when there is one, and adds it to the catalog. Neither its header nor its name is durable yet.</summary>
    public Segment Begin(long number, long start, int payloadLength)
    {
        var header = new SegmentHeader(number, epoch, start, Micros.Now(options.Clock));
        var path = Path.Combine(options.Folder, Segment.FileName(number));
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

        try
        {
            file.Allocate(Math.Max(options.SegmentBytes, SegmentHeader.EntriesAt + EntryHeader.SizeOf(payloadLength)));
            WriteHeader(file, header);
        }
        catch (FileSystemException)
        {
            file.Dispose();
            throw;
        }

        var segment = new Segment(file, header) { Index = new SegmentIndex(), IsOpen = true };
        catalog.Add(segment);
        return segment;
    }

    public static void WriteHeader(IFile file, in SegmentHeader header)
    {
        var block = new byte[SegmentHeader.EntriesAt];
        header.Write(block);
        file.Write(0, block);
    }

    /// <summary>Writes a footer from the segment's index behind its last entry, cuts the file there, and syncs it.</summary>
    public static async ValueTask<(FooterDirectory Footer, long FileBytes)> WriteFooterAsync(Segment segment)
    {
        var offset = segment.FileOffset(segment.End);
        var bytes = SegmentFooter.Encode(segment.Index!, segment.Header, offset, segment.End);
        segment.File.Write(offset, bytes);
        segment.File.SetLength(offset + bytes.Length);
        await segment.File.SyncAsync();
        var footer = SegmentFooter.TryRead(segment)
            ?? throw new JournalFaultedException($"{segment.File.Path}: the footer does not read back as it was written");
        return (footer, offset + bytes.Length);
    }
}
