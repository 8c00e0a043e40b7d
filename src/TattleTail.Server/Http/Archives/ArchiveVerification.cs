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
        var continuity = new ArchiveContinuity(log, archive, files);
        foreach (var file in files)
        {
            cancel.ThrowIfCancellationRequested();
            var faults = new List<string>(await archive.VerifyAsync(file, cancel));
            continuity.Check(file, faults);
            yield return new VerifiedFile(file, faults);
        }
    }
}
