namespace TattleTail.Log.Appending;

/// <summary>How the size of the journal slows and stops acknowledgements.</summary>
internal static class QuotaPolicy
{
    /// <summary>Per cent of the quota from which acknowledgements slow.</summary>
    public const int SlowFromPercent = 80;

    /// <summary>Per cent of the quota from which verified segments go without the delay that is usual.</summary>
    public const int TrimAtOncePercent = 50;

    /// <summary>Per cent of the quota from which channels are sealed before they are due, largest first.</summary>
    public const int SealFromPercent = 70;

    /// <summary>The delay just below the quota.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(1);

    /// <summary>Nothing more is accepted.</summary>
    public static bool IsFull(long bytes, long quota) => bytes >= quota;

    /// <summary>The journal holds at least that share of its quota.</summary>
    public static bool IsAbove(long bytes, long quota, int percent) => bytes >= (long)((Int128)quota * percent / 100);

    /// <summary>How long an acknowledgement is held back: nothing below 80 %, then growing evenly to a second.</summary>
    public static TimeSpan Delay(long bytes, long quota)
    {
        var slowFrom = (long)((Int128)quota * SlowFromPercent / 100);
        if (bytes < slowFrom || quota <= slowFrom)
        {
            return TimeSpan.Zero;
        }

        var share = Math.Min(1.0, (bytes - slowFrom) / (double)(quota - slowFrom));
        return LongestDelay * share;
    }
}
