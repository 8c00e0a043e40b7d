using TattleTail.Archive;
using TattleTail.Log;

namespace TattleTail.Server.Http.Archives;

/// <summary>
/// Holds files against each other and the log: each offset before the sealed position lies in one file, or the ledger tells that it was lost. Files are checked in their order. Not for concurrent use.
/// </summary>
internal sealed class ArchiveContinuity
{
    private readonly EventLog _log;
    private readonly EventArchive _archive;
    private readonly Dictionary<(Guid TopicId, int Partition), long> _ends = [];

    /// <param name="log">The log.</param>
    /// <param name="archive">Its archive.</param>
    /// <param name="files">The files that will be checked: each channel's from some place to its end.</param>
    public ArchiveContinuity(EventLog log, EventArchive archive, IReadOnlyList<ArchiveFile> files)
    {
        _log = log;
        _archive = archive;
        foreach (var (file, range) in files.SelectMany(f => f.Partitions.Select(r => (f, r))))
        {
            // Where earlier files were not asked for, the first that was is the beginning.
            var isFirst = archive.FindByOffset(file.Stream.TopicId, range.Partition, 0)?.Path == file.Path;
            _ends.TryAdd((file.Stream.TopicId, range.Partition), isFirst ? 0 : range.FirstOffset);
        }
    }

    /// <summary>Adds what is wrong with the next file's place, in words.</summary>
    public void Check(ArchiveFile file, List<string> faults)
    {
        if (_log.Find(file.Stream.TopicId) is not { } channel)
        {
            faults.Add($"the log knows no channel '{file.Stream.Channel}' of incarnation {file.Stream.Incarnation} (topic id {file.Stream.TopicId})");
            return;
        }

        foreach (var range in file.Partitions)
        {
            if (range.Partition >= channel.Partitions.Count)
            {
                faults.Add($"the log knows no partition {range.Partition} of '{channel.Name}'");
            }
            else
            {
                Check(channel.Partitions[range.Partition], range, faults);
            }
        }
    }

    private void Check(LogPartition partition, PartitionRange range, List<string> faults)
    {
        var key = (partition.Channel.TopicId, range.Partition);
        var (end, through) = (_ends[key], partition.SealedThrough);
        _ends[key] = range.LastOffset + 1;
        if (range.FirstOffset < end)
        {
            faults.Add($"partition {range.Partition}: offset {range.FirstOffset} lies in an earlier file too, which goes up to {end - 1}");
        }

        if (range.LastOffset >= through)
        {
            faults.Add($"partition {range.Partition}: the file goes up to offset {range.LastOffset}, the log says that all before {through} is archived");
        }

        AddMissing(partition, end, range.FirstOffset, 0, faults);
        AddMissing(partition, range.FirstOffset, range.LastOffset + 1, range.Events, faults);
        if (_archive.FindByOffset(partition.Channel.TopicId, range.Partition, range.LastOffset + 1) is null)
        {
            AddMissing(partition, range.LastOffset + 1, through, 0, faults);
        }
    }

    private static void AddMissing(LogPartition partition, long from, long to, long there, List<string> faults)
    {
        var missing = to - from - there - (to > from ? partition.LostBetween(from, to) : 0);
        if (missing > 0)
        {
            faults.Add($"partition {partition.Index}: {missing} of the offsets {from} to {to - 1} are archived, says the log, and are in no file");
        }
    }
}
