namespace TattleTail.Storage;

/// <summary>The rule for names in a store: segments of <c>[A-Za-z0-9._=-]</c> parted by <c>/</c>, none empty, <c>.</c> or <c>..</c>.</summary>
public static class ObjectName
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>The name itself; <see cref="ArgumentException"/> when it breaks the rule.</summary>
    public static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > MaxLength)
        {
            throw new ArgumentException($"an object's name has at most {MaxLength} characters", nameof(name));
        }

        foreach (var segment in name.Split('/'))
        {
            if (segment is "" or "." or ".." || !segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '=' or '-'))
            {
                throw new ArgumentException($"'{name}' is no name for an object: segments of letters, digits, '.', '_', '=' and '-' parted by '/'", nameof(name));
            }
        }

        return name;
    }
}
