using System.Globalization;
using System.Text.Json.Nodes;

namespace TattleTail.Server.Configuration;

/// <summary>A number of bytes: <c>134217728</c>, <c>128MiB</c>.</summary>
internal sealed class BytesType(long least, long most) : SettingType<long>
{
    private static readonly (string Suffix, long Factor)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    public override long Parse(string text, out string? fault)
    {
        var (suffix, factor) = Units.FirstOrDefault(u => text.EndsWith(u.Suffix, StringComparison.Ordinal), (Suffix: "", Factor: 1L));
        var number = text.AsSpan(0, text.Length - suffix.Length).Trim();
        var value = 0L;
        if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= long.MaxValue / factor)
        {
            value = count * factor;
            fault = value >= least && value <= most ? null : $"it is from {Show(least)} to {Show(most)}";
            return value;
        }

        fault = "it is a number of bytes, or a number with KiB, MiB or GiB, such as 128MiB";
        return value;
    }

    public override string Show(long value)
    {
        var (suffix, factor) = Units.First(u => value % u.Factor == 0 && value >= u.Factor);
        return (value / factor).ToString(CultureInfo.InvariantCulture) + (factor == 1 ? "" : suffix);
    }

    public override JsonObject Schema() => new() { ["type"] = new JsonArray("integer", "string"), ["minimum"] = least, ["maximum"] = most, ["pattern"] = "^[0-9]+ ?(B|KiB|MiB|GiB)?$" };
}

/// <summary>A span of time: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>12h</c>, <c>7d</c>.</summary>
internal sealed class DurationType(TimeSpan least, TimeSpan most) : SettingType<TimeSpan>
{
    public override TimeSpan Parse(string text, out string? fault)
    {
        var value = Duration.Parse(text);
        fault = value is null ? "it is a number with ms, s, m, h or d, such as 5m"
            : value < least || value > most ? $"it is from {Show(least)} to {Show(most)}"
            : null;
        return value ?? default;
    }

    public override string Show(TimeSpan value) => Duration.Show(value);

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^[0-9]+(ms|s|m|h|d)$" };
}
