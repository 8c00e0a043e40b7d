using System.Globalization;

namespace TattleTail.Cli.Terminal;

/// <summary>Numbers and times as people read them, the same on every machine.</summary>
internal static class Wording
{
    private static readonly string[] Units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary><c>12,345</c>.</summary>
    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>1 event</c>, <c>2 events</c>.</summary>
    public static string Count(long value, string noun) => $"{Number(value)} {noun}{(value == 1 ? "" : "s")}";

    /// <summary><c>3.2 MiB</c>.</summary>
    public static string Bytes(long value)
    {
        var size = (double)value;
        var unit = 0;
        while (size >= 1024 && unit < Units.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return unit == 0 ? $"{value} B" : string.Create(CultureInfo.InvariantCulture, $"{size:0.0} {Units[unit]}");
    }

    /// <summary>A span in its largest sensible unit: <c>15 s</c>, <c>3 min</c>, <c>5.2 h</c>, <c>12 d</c>.</summary>
    public static string Span(TimeSpan value) => value switch
    {
        { TotalMinutes: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.#} s"),
        { TotalHours: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{value.TotalHours:0.#} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{value.TotalDays:0} d"),
    };

    /// <summary>An event's time, ISO 8601 in UTC; the bare number when it is none (years 1–9999 in milliseconds).</summary>
    public static string Millis(long millis)
    {
        const long First = -62_135_596_800_000, Last = 253_402_300_799_999;
        return millis is >= First and <= Last
            ? DateTimeOffset.FromUnixTimeMilliseconds(millis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : millis.ToString(CultureInfo.InvariantCulture);
    }
}
