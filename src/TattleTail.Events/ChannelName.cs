namespace TattleTail.Events;

/// <summary>Kafka's rule for topic names, which every channel's name follows: 1–249 of <c>[a-zA-Z0-9._-]</c>, not <c>.</c> or <c>..</c>.</summary>
public static class ChannelName
{
    /// <summary>The longest name, in characters (each is one byte).</summary>
    public const int MaxLength = 249;

    /// <summary>Null when the name is legal, otherwise what is wrong with it, in words for the user.</summary>
    public static string? Fault(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return "a channel's name must not be empty";
        }

        if (name.Length > MaxLength)
        {
            return $"a channel's name has at most {MaxLength} characters, this one has {name.Length}";
        }

        if (name is "." or "..")
        {
            return $"a channel must not be named '{name}'";
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return $"a channel's name uses only letters, digits, '.', '_' and '-': '{name}' has '{c}'";
            }
        }

        return null;
    }
}
