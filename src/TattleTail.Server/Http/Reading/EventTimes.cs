using System.Globalization;

namespace TattleTail.Server.Http.Reading;

/// <summary>Times between the units of the log and ISO 8601.</summary>
internal static class EventTimes
{
    private static readonly long MaxMillis = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
    private static readonly long MinMillis = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();

    /// <summary>The first millisecond since 1970 that is not before a time: what holds for whole milliseconds against the time holds against it.</summary>
    public static long CeilingMillis(DateTimeOffset time) => Ceiling(time, TimeSpan.TicksPerMillisecond);

    /// <summary>The first microsecond since 1970 that is not before a time.</summary>
    public static long CeilingMicros(DateTimeOffset time) => Ceiling(time, TimeSpan.TicksPerMicrosecond);

    /// <summary>ISO 8601 in UTC with milliseconds; null for -1 (Kafka's "none") and outside years 1–9999.</summary>
    public static string? IsoOfMillis(long millis) =>
        millis is -1 || millis < MinMillis || millis > MaxMillis ? null : DateTimeOffset.FromUnixTimeMilliseconds(millis).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>ISO 8601 in UTC with microseconds.</summary>
    public static string IsoOfMicros(long micros) =>
        DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static long Ceiling(DateTimeOffset time, long unit)
    {
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var whole = Math.DivRem(ticks, unit, out var rest);
        return rest > 0 ? whole + 1 : whole;
    }
}
