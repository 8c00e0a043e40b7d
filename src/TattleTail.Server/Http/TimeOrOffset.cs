using System.Globalization;
using TattleTail.Server.Configuration;

namespace TattleTail.Server.Http;

/// <summary>A place in a partition as users write it.</summary>
public enum PlaceKind
{
    /// <summary><c>beginning</c>: the first event served.</summary>
    Beginning,

    /// <summary>All digits: an offset.</summary>
    Offset,

    /// <summary>A time, which selects events by from ≤ time &lt; to.</summary>
    Time,
}

/// <summary>
/// <c>beginning</c>; an offset (all digits); or a time: ISO 8601 (<c>2026-05-04</c>, <c>2026-05-04T10:00</c>, with seconds, fractions, <c>Z</c> or <c>+02:00</c>; UTC without a zone), or so long ago
/// (<c>90s</c>, <c>15m</c>, <c>12h</c>, <c>30d</c>). One grammar for the command line and HTTP.
/// </summary>
/// <param name="Kind">Which.</param>
/// <param name="Offset">The offset, for <see cref="PlaceKind.Offset"/>.</param>
/// <param name="Time">The time in UTC, for <see cref="PlaceKind.Time"/>.</param>
public readonly record struct TimeOrOffset(PlaceKind Kind, long Offset, DateTimeOffset Time)
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddK", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
    ];

    /// <summary>The first event served.</summary>
    public static TimeOrOffset Beginning => new(PlaceKind.Beginning, 0, default);

    /// <summary>Reads a place; null with what is wrong, in words for the user.</summary>
    public static TimeOrOffset? Parse(string text, DateTimeOffset now, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = null;
        if (text == "beginning")
        {
            return Beginning;
        }

        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset))
            {
                return new TimeOrOffset(PlaceKind.Offset, offset, default);
            }

            fault = $"'{text}' is more than an offset can be (9223372036854775807)";
            return null;
        }

        if (Duration.Parse(text) is { } ago)
        {
            return new TimeOrOffset(PlaceKind.Time, 0, ago.Ticks <= now.UtcTicks ? now.ToUniversalTime() - ago : DateTimeOffset.MinValue);
        }

        if (DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return new TimeOrOffset(PlaceKind.Time, 0, time);
        }

        fault = $"'{text}' is neither 'beginning', an offset (digits), a time (2026-05-04T10:00, UTC unless it has a zone) nor so long ago (15m, 30d)";
        return null;
    }
}
