using System.Globalization;

namespace TattleTail.Events.CloudEvents;

/// <summary>Times as RFC 3339 writes them (section 5.6), the form of CloudEvents' <c>time</c>.</summary>
internal static class Rfc3339
{
    private const long MinMillis = -62_135_596_800_000;
    private const long MaxMillis = 253_402_300_799_999;

    /// <summary>Reads a time; what is finer than a millisecond is cut, a leap second counts as the second after it.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long unixMillis)
    {
        unixMillis = 0;
        if (text.Length < 20 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':' || text[16] != ':'
            || !TryNumber(text[..4], 1, 9999, out var year) || !TryNumber(text[5..7], 1, 12, out var month)
            || !TryNumber(text[8..10], 1, DateTime.DaysInMonth(year, month), out var day) || !TryNumber(text[11..13], 0, 23, out var hour)
            || !TryNumber(text[14..16], 0, 59, out var minute) || !TryNumber(text[17..19], 0, 60, out var second)
            || !TryFraction(ref text, out var millis) || !TryZone(text, out var offsetMinutes))
        {
            return false;
        }

        var days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        var minutes = (((days * 24L) + hour) * 60) + minute - offsetMinutes;
        unixMillis = (((minutes * 60) + second) * 1000) + millis;
        return true;
    }

    /// <summary>A time in UTC with milliseconds; null outside the years 1 to 9999.</summary>
    public static string? OfMillis(long unixMillis) =>
        unixMillis is < MinMillis or > MaxMillis
            ? null
            : DateTime.UnixEpoch.AddMilliseconds(unixMillis).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time in UTC with microseconds; null outside the years 1 to 9999.</summary>
    public static string? OfMicros(long unixMicros) =>
        unixMicros is < (MinMillis * 1000) or > ((MaxMillis * 1000) + 999)
            ? null
            : DateTime.UnixEpoch.AddTicks(unixMicros * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Takes an optional fraction and leaves the zone.</summary>
    private static bool TryFraction(ref ReadOnlySpan<char> text, out int millis)
    {
        text = text[19..];
        millis = 0;
        if (text[0] != '.')
        {
            return true;
        }

        var end = text[1..].IndexOfAnyExceptInRange('0', '9') + 1;
        if (end <= 1)
        {
            return false;
        }

        for (var i = 1; i <= 3; i++)
        {
            millis = (millis * 10) + (i < end ? text[i] - '0' : 0);
        }

        text = text[end..];
        return true;
    }

    private static bool TryZone(ReadOnlySpan<char> zone, out int offsetMinutes)
    {
        offsetMinutes = 0;
        if (zone is "Z" or "z")
        {
            return true;
        }

        if (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':' || !TryNumber(zone[1..3], 0, 23, out var hours) || !TryNumber(zone[4..], 0, 59, out var minutes))
        {
            return false;
        }

        offsetMinutes = ((hours * 60) + minutes) * (zone[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, int least, int most, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= least && number <= most;
}
