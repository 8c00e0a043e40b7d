using TattleTail.Log.Appending;

namespace TattleTail.Log.Sealing;

/// <summary>What is known of a channel with unsealed events when it is decided what to seal.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Bytes">Bytes of its unsealed batches in the journal.</param>
/// <param name="OldestRecordedAt">No unsealed event is older (µs).</param>
internal readonly record struct SealCandidate(Channel Channel, long Bytes, long OldestRecordedAt);

/// <summary>Decides which channels are sealed now. Pure.</summary>
internal static class SealPlan
{
    /// <summary>The ratio of Parquet to journal before anything was sealed.</summary>
    public const double FirstRatio = 0.4;

    private const double LeastRatio = 0.01;

    private const double MostRatio = 2.0;

    /// <summary>The channels that are due, in the order in which to seal them: largest first when the journal is near its quota, as given otherwise.</summary>
    /// <param name="candidates">Channels with unsealed events.</param>
    /// <param name="options">Sizes and ages.</param>
    /// <param name="now">The time (µs).</param>
    /// <param name="journalBytes">Bytes of the journal.</param>
    /// <param name="ratio">Estimated bytes of Parquet for a byte in the journal.</param>
    /// <param name="isWanted">Asked for.</param>
    public static IReadOnlyList<Channel> Due(
        IReadOnlyList<SealCandidate> candidates, LogOptions options, long now, long journalBytes, double ratio, Func<Channel, bool> isWanted)
    {
        if (QuotaPolicy.IsAbove(journalBytes, options.JournalQuotaBytes, QuotaPolicy.SealFromPercent))
        {
            return [.. candidates.OrderByDescending(c => c.Bytes).Select(c => c.Channel)];
        }

        var due = new List<Channel>();
        foreach (var candidate in candidates)
        {
            if (candidate.Channel.IsClosed
                || candidate.Bytes * ratio >= options.SealBytes
                || now - candidate.OldestRecordedAt >= options.SealAge.Ticks / TimeSpan.TicksPerMicrosecond
                || MonthOf(candidate.OldestRecordedAt) != MonthOf(now)
                || isWanted(candidate.Channel))
            {
                due.Add(candidate.Channel);
            }
        }

        return due;
    }

    /// <summary>
    /// The ratio of Parquet to journal after a commit. A commit counts by its size: a file of a few events is mostly footer, and would make the next estimates far too high.
    /// </summary>
    /// <param name="ratio">The ratio before.</param>
    /// <param name="journalBytes">Bytes of the commit's batches in the journal.</param>
    /// <param name="fileBytes">Bytes of its files.</param>
    /// <param name="sealBytes">Bytes of Parquet at which a channel is sealed: a commit of this size counts in full.</param>
    public static double Learn(double ratio, long journalBytes, long fileBytes, long sealBytes)
    {
        if (journalBytes <= 0)
        {
            return ratio;
        }

        var seen = Math.Clamp(fileBytes / (double)journalBytes, LeastRatio, MostRatio);
        return ratio + ((seen - ratio) * Math.Min(1.0, fileBytes / (double)sealBytes));
    }

    /// <summary>The month of recording (UTC) that a file may hold, as a number that rises with time.</summary>
    public static int MonthOf(long recordedAtMicros)
    {
        var time = LogCore.TimeOf(recordedAtMicros);
        return (time.Year * 12) + time.Month;
    }
}
