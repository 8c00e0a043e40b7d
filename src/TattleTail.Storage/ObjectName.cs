namespace TattleTail.Storage;

/// <summary>The rule for names in a store: the alphabet that has one spelling in every URI library, and nothing that a file system would read as a way out.</summary>
public static class ObjectName
{
    /// <summary>The longest name in bytes: S3's limit, the lowest of all stores.</summary>
    public const int MaxLength = 1024;

    /// <summary>Tells whether a name is legal: 1–1,024 of <c>[A-Za-z0-9._=/-]</c>, no empty segment, none that is <c>.</c> or <c>..</c>.</summary>
    public static bool IsValid(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > MaxLength)
        {
            return false;
        }

        var segment = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] != '/')
            {
                if (!char.IsAsciiLetterOrDigit(name[i]) && name[i] is not ('.' or '_' or '=' or '-'))
                {
                    return false;
                }

                continue;
            }

            if (name.AsSpan(segment, i - segment) is "" or "." or "..")
            {
                return false;
            }

            segment = i + 1;
        }

        return true;
    }

    /// <summary>Throws <see cref="ArgumentException"/> for a name that is not legal.</summary>
    public static void Require(string name)
    {
        if (!IsValid(name))
        {
            throw new ArgumentException($"'{name}' is not a legal name in a store: 1 to {MaxLength} of [A-Za-z0-9._=/-], without empty, '.' or '..' segments", nameof(name));
        }
    }
}
