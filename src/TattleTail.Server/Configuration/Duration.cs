using System.Globalization;

namespace TattleTail.Server.Configuration;

/// <summary>Spans of time as users write them: a whole number and a unit.</summary>
internal static class Duration
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute), ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>The span, or null when the text is none or beyond what a <see cref="TimeSpan"/> holds.</summary>
    public static TimeSpan? Parse(string text)
    {
        foreach (var (suffix, ticks) in Units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count <= TimeSpan.MaxValue.Ticks / ticks)
            {
                return TimeSpan.FromTicks(count * ticks);
            }
        }

        return null;
    }

    /// <summary>The span in the largest unit that shows it whole.</summary>
    public static string Show(TimeSpan value)
    {
        var (suffix, ticks) = Units.Last(u => u.Ticks == TimeSpan.TicksPerMillisecond || (value.Ticks % u.Ticks == 0 && value.Ticks >= u.Ticks));
        return (value.Ticks / ticks).ToString(CultureInfo.InvariantCulture) + suffix;
    }
}
