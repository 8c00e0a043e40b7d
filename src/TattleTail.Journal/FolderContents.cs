using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>What lies in a journal's folder when it is opened.</summary>
internal sealed class FolderContents(JournalOptions options)
{
    /// <summary>The segments with a sound header, oldest first; their files are open.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>Segment files whose header was never synced: nothing of theirs was acknowledged.</summary>
    public List<string> LeftOvers { get; } = [];

    /// <summary>Segment files whose header was synced once and is unreadable: number and bytes.</summary>
    public List<(long Number, long Bytes)> Headless { get; } = [];

    /// <summary>Trimmed segments kept for reuse.</summary>
    public List<string> Spares { get; } = [];

    /// <summary>Files that are not the journal's.</summary>
    public List<string> Foreign { get; } = [];

    /// <summary>The highest number that any file of the folder has.</summary>
    public long LastNumber { get; private set; }

    /// <summary>The highest epoch that any header shows; of headless files it is assumed that each had one of its own.</summary>
    public int LastEpoch => (Segments.Count == 0 ? 0 : Segments.Max(s => s.Header.Epoch)) + Headless.Count;

    /// <summary>Creates the folder if need be, its name made durable, and reads the head of each file.</summary>
    public async ValueTask ReadAsync()
    {
        options.Files.CreateDirectory(options.Folder);
        foreach (var name in options.Files.ListFiles(options.Folder))
        {
            if (Segment.NumberOf(name) is { } number)
            {
                LastNumber = Math.Max(LastNumber, number);
                ReadHead(name, number);
            }
            else if (name.EndsWith(".spare", StringComparison.Ordinal))
            {
                Spares.Add(name);
            }
            else
            {
                Foreign.Add(name);
            }
        }

        if (Segments.Count == 0)
        {
            await BeginFolderAsync();
        }
    }

    public void CloseFiles() => Segments.ForEach(s => s.File.Dispose());

    private void ReadHead(string name, long number)
    {
        var file = options.Files.OpenFile(Path.Combine(options.Folder, name), FileAccess.ReadWrite);
        var state = HeaderState.Absent;
        try
        {
            var block = new byte[SegmentHeader.EntriesAt];
            state = SegmentHeader.TryRead(block.AsSpan(0, file.Read(0, block)), number, file.Path, out var header);
            switch (state)
            {
                case HeaderState.Sound:
                    Segments.Add(new Segment(file, header));
                    break;
                case HeaderState.Damaged:
                    Headless.Add((number, file.Length));
                    break;
                default:
                    LeftOvers.Add(name);
                    break;
            }
        }
        finally
        {
            if (state != HeaderState.Sound)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>A folder without a segment becomes a journal, unless something else lives there. All names down to it are made durable: any of them may be new.</summary>
    private async ValueTask BeginFolderAsync()
    {
        if (Foreign.Count > 0)
        {
            throw new JournalFormatException($"{Path.Combine(options.Folder, Foreign[0])} is no file of a journal, and no journal is beside it: choose another folder, or move the file elsewhere");
        }

        if (Headless.Count > 0)
        {
            throw new JournalFormatException(
                $"{Path.Combine(options.Folder, Segment.FileName(Headless[0].Number))}: both copies of the header are damaged, and no other segment is left to go on from: restore the folder from a copy, or choose another");
        }

        for (var parent = Path.GetDirectoryName(options.Folder); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            try
            {
                await options.Files.SyncDirectoryAsync(parent);
            }
            catch (FileSystemException e) when (e.Error == FileSystemError.Denied)
            {
                // A folder that may not be read was not made by this process, and so are those above it.
                break;
            }
        }
    }
}
