namespace TattleTail.Spew.Groups;

/// <summary>The time as groups count it: ms, rising.</summary>
internal static class GroupTime
{
    /// <summary>A while later.</summary>
    public static long Plus(this long now, TimeSpan time) => now + (long)time.TotalMilliseconds;
}
