using System.Globalization;

namespace TattleTail.Archive;

/// <summary>Times as the archive writes them: µs since 1970 UTC, days, months, and the text of Delta statistics.</summary>
internal static class ArchiveTime
{
    private const long MinMillis = -62_135_596_800_000; // 0001-01-01
    private const long MaxMillis = 253_402_300_799_999; // 9999-12-31T23:59:59.999

    /// <summary>The timestamp column's value of a raw timestamp in ms; null when it is -1 or outside years 1–9999.</summary>
    public static long? EventMicros(long rawMillis) => rawMillis is -1 or < MinMillis or > MaxMillis ? null : rawMillis * 1000;

    /// <summary>Tells whether a time of recording in µs lies in years 1–9999.</summary>
    public static bool IsShowable(long micros) => micros is >= MinMillis * 1000 and <= MaxMillis * 1000;

    /// <summary>Days since 1970 (Parquet DATE).</summary>
    public static int DateOf(long micros) => (int)Math.DivRem(micros, 86_400_000_000, out var rest) - (rest < 0 ? 1 : 0);

    /// <summary>The month partition, <c>yyyy-MM</c>.</summary>
    public static string MonthOf(long micros) => At(micros).ToString("yyyy-MM", CultureInfo.InvariantCulture);

    public static string DateText(long micros) => At(micros).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>For a minimum: floored to the millisecond.</summary>
    public static string Floor(long micros) => Text(micros - (((micros % 1000) + 1000) % 1000));

    /// <summary>For a maximum: ceiled to the millisecond.</summary>
    public static string Ceiling(long micros) => Text(micros + ((1000 - (micros % 1000)) % 1000));

    private static string Text(long micros) => At(micros).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTime At(long micros) => DateTime.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);
}
