using TattleTail.Platform;

namespace TattleTail.Journal;

/// <summary>One segment file and what is known of it. What can be set changes under the lock of <see cref="SegmentCatalog"/>.</summary>
internal sealed class Segment(IFile file, SegmentHeader header)
{
    public IFile File { get; } = file;

    public SegmentHeader Header { get; } = header;

    public long Number => Header.Number;

    public long Start => Header.Start;

    /// <summary>Position after its last entry.</summary>
    public long End { get; set; } = header.Start;

    /// <summary>Bytes of the file.</summary>
    public long FileBytes { get; set; } = file.Length;

    /// <summary>The index while it must stay in memory: of the open segment, and of a closed one without a sound footer.</summary>
    public SegmentIndex? Index { get; set; }

    /// <summary>What each list holds, by key; of the open segment only once it is closed.</summary>
    public ListSummary[] Directory { get; set; } = [];

    /// <summary>Positions of snapshots.</summary>
    public IReadOnlyList<long> Snapshots { get; set; } = [];

    public bool IsOpen { get; set; }

    public bool Quarantined { get; set; }

    /// <summary>Readers that hold it.</summary>
    public int Readers { get; set; }

    /// <summary>Out of the catalog: the last reader closes the file.</summary>
    public bool Retired { get; set; }

    public long FileOffset(long position) => position - Start + SegmentHeader.EntriesAt;

    public static string FileName(long number) => $"{number:D20}.seg";

    /// <summary>The number in a segment file's name; null for any other name.</summary>
    public static long? NumberOf(string name) =>
        name.Length == 24 && name.EndsWith(".seg", StringComparison.Ordinal) && long.TryParse(name.AsSpan(0, 20), System.Globalization.NumberStyles.None, null, out var number)
            ? number
            : null;

    /// <summary>The directory's item of a list, or null.</summary>
    public ListSummary? Find(ListKey key)
    {
        var low = 0;
        var high = Directory.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Directory[middle].Key.CompareTo(key);
            if (order == 0)
            {
                return Directory[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }
}
