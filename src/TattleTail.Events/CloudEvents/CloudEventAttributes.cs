namespace TattleTail.Events.CloudEvents;

/// <summary>The rules of CloudEvents 1.0 for context attributes, section 3.</summary>
internal static class CloudEventAttributes
{
    /// <summary>The attributes that every event has.</summary>
    public static void Require(string? version, string? id, string? source, string? type)
    {
        if (version != "1.0")
        {
            throw new InvalidEventException(version is null ? "a CloudEvent needs specversion \"1.0\"" : $"specversion \"{version}\" is not understood: send \"1.0\"");
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string?)>)[("id", id), ("source", source), ("type", type)])
        {
            if (string.IsNullOrEmpty(value))
            {
                throw new InvalidEventException($"a CloudEvent needs {name}, which must not be empty");
            }
        }
    }

    /// <summary>The time, in milliseconds since 1970 UTC.</summary>
    public static long Time(string time) =>
        Rfc3339.TryParse(time, out var millis) ? millis : throw new InvalidEventException($"the CloudEvent's time \"{time}\" is not of the form 2024-05-31T23:59:59.999Z");

    /// <summary>Names are lower-case letters and digits of ASCII.</summary>
    public static bool IsName(ReadOnlySpan<char> name)
    {
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return !name.IsEmpty;
    }
}
