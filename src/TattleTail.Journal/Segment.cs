using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>One segment file and what is known of it. Its numbers change under the lock of <see cref="SegmentCatalog"/>.</summary>
internal sealed class Segment(IFile file, SegmentHeader header)
{
    public IFile File { get; } = file;

    public SegmentHeader Header { get; } = header;

    public long Number => Header.Number;

    public long Start => Header.Start;

    /// <summary>Position after its last entry.</summary>
    public long End { get; set; } = header.Start;

    /// <summary>The index while it is in memory: always for the open segment, from the footer on demand for a closed one with a footer.</summary>
    public SegmentIndex? Index { get; set; }

    /// <summary>Where the footer lies in the file; null when there is none, and then <see cref="Index"/> stays in memory.</summary>
    public FooterPlace? Footer { get; set; }

    /// <summary>What each partition has here.</summary>
    public IReadOnlyList<SegmentContent> Content { get; set; } = [];

    /// <summary>Positions of snapshots, for a closed segment whose index is not in memory.</summary>
    public IReadOnlyList<long> Snapshots { get; set; } = [];

    public bool IsOpen { get; set; }

    public bool Quarantined { get; set; }

    /// <summary>Readers that hold it.</summary>
    public int Readers { get; set; }

    /// <summary>Trimmed while a reader held it: the last reader closes the file.</summary>
    public bool Trimmed { get; set; }

    public long FileOffset(long position) => position - Start + SegmentHeader.Size;

    public static string FileName(long number) => $"{number:D20}.seg";

    /// <summary>The number in a segment file's name; null for any other name.</summary>
    public static long? NumberOf(string name) =>
        name.Length == 24 && name.EndsWith(".seg", StringComparison.Ordinal) && long.TryParse(name.AsSpan(0, 20), System.Globalization.NumberStyles.None, null, out var number)
            ? number
            : null;
}

/// <summary>Where a footer lies.</summary>
internal readonly record struct FooterPlace(long Offset, int Length, uint Crc);
