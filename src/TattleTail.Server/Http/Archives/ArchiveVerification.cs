using System.Runtime.CompilerServices;
using TattleTail.Archive;
using TattleTail.Log;

namespace TattleTail.Server.Http.Archives;

/// <summary>A file that was read back.</summary>
/// <param name="File">The file.</param>
/// <param name="Faults">What is wrong with it, in words.</param>
public sealed record VerifiedFile(ArchiveFile File, IReadOnlyList<string> Faults);

/// <summary>Reads archived files back against their hashes, their statistics, each other and the log.</summary>
public static class ArchiveVerification
{
    /// <summary>The files of a channel (or all) that hold events recorded at or after a time (or any), in the order of channel, incarnation and recording.</summary>
    public static IReadOnlyList<ArchiveFile> Select(EventArchive archive, string? channel, DateTimeOffset? from)
    {
        ArgumentNullException.ThrowIfNull(archive);
        var least = from is { } time ? Reading.EventTimes.CeilingMicros(time) : long.MinValue;
        return [.. archive.Files(channel).Where(f => f.LastRecordedAtMicros >= least)];
    }

    /// <summary>Verifies one file after the other.</summary>
    public static async IAsyncEnumerable<VerifiedFile> RunAsync(EventLog log, EventArchive archive, IReadOnlyList<ArchiveFile> files, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(archive);
        ArgumentNullException.ThrowIfNull(files);
        var ends = new Dictionary<(Guid, int), long>();
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            var faults = new List<string>(await archive.VerifyAsync(file, cancel));
            foreach (var range in file.Partitions)
            {
                Compare(log, file, range, ends, faults);
            }

            yield return new VerifiedFile(file, faults);
        }
    }

    private static void Compare(EventLog log, ArchiveFile file, PartitionRange range, Dictionary<(Guid, int), long> ends, List<string> faults)
    {
        var key = (file.Stream.TopicId, range.Partition);
        if (ends.TryGetValue(key, out var end) && range.FirstOffset < end)
        {
            faults.Add($"partition {range.Partition}: offset {range.FirstOffset} lies in an earlier file too, which goes up to {end - 1}");
        }

        ends[key] = range.LastOffset + 1;
        var channel = log.Find(file.Stream.TopicId);
        if (channel is null)
        {
            faults.Add($"the log knows no channel '{file.Stream.Channel}' of incarnation {file.Stream.Incarnation} (topic id {file.Stream.TopicId})");
        }
        else if (range.Partition >= channel.Partitions.Count)
        {
            faults.Add($"the log knows no partition {range.Partition} of '{channel.Name}'");
        }
        else if (channel.Partitions[range.Partition].SealedThrough is var through && range.LastOffset >= through)
        {
            faults.Add($"partition {range.Partition}: the file goes up to offset {range.LastOffset}, the log says that all before {through} is archived");
        }
    }
}
