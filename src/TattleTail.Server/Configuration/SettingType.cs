using System.Globalization;
using System.Text.Json.Nodes;

namespace TattleTail.Server.Configuration;

/// <summary>How text becomes a value of a setting and a value text.</summary>
internal abstract class SettingType<T>
{
    /// <summary>The value, or what is wrong with the text.</summary>
    public abstract T? Parse(string text, out string? fault);

    public abstract string Show(T value);

    /// <summary>What the file may hold, as JSON schema.</summary>
    public abstract JsonObject Schema();
}

internal sealed class TextType(Func<string, string?> check) : SettingType<string>
{
    public override string? Parse(string text, out string? fault)
    {
        fault = check(text);
        return text;
    }

    public override string Show(string value) => value;

    public override JsonObject Schema() => new() { ["type"] = "string", ["minLength"] = 1 };
}

internal sealed class BooleanType : SettingType<bool>
{
    public override bool Parse(string text, out string? fault)
    {
        fault = text is "true" or "false" ? null : "it is true or false";
        return text == "true";
    }

    public override string Show(bool value) => value ? "true" : "false";

    public override JsonObject Schema() => new() { ["type"] = "boolean" };
}

internal sealed class ChoiceType<T> : SettingType<T>
    where T : struct, Enum
{
    private static readonly string[] Names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];

    public override T Parse(string text, out string? fault)
    {
        fault = Names.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"it is one of {string.Join(", ", Names)}";
        return fault is null ? Enum.Parse<T>(text, ignoreCase: true) : default;
    }

    public override string Show(T value) => value.ToString().ToLowerInvariant();

    public override JsonObject Schema() => new() { ["type"] = "string", ["enum"] = new JsonArray([.. Names.Select(n => JsonValue.Create(n))]) };
}

internal sealed class CountType(int least, int most) : SettingType<int>
{
    public override int Parse(string text, out string? fault)
    {
        fault = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"it is a whole number from {least} to {most}");
        return value;
    }

    public override string Show(int value) => value.ToString(CultureInfo.InvariantCulture);

    public override JsonObject Schema() => new() { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
}

internal sealed class HostPortType : SettingType<HostPort?>
{
    public override HostPort? Parse(string text, out string? fault) => HostPort.Parse(text, out fault);

    public override string Show(HostPort? value) => value.ToString()!;

    public override JsonObject Schema() => new() { ["type"] = "string", ["pattern"] = "^.+:[0-9]{1,5}$" };
}
