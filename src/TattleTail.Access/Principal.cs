namespace TattleTail.Access;

/// <summary>In whose name a request comes, and what it may do.</summary>
public sealed class Principal
{
    private readonly User? _user;

    private Principal(string name, User? user)
    {
        Name = name;
        _user = user;
    }

    /// <summary>Everybody, on a node that knows no users; and the node itself.</summary>
    public static Principal Anybody { get; } = new("-", null);

    /// <summary>The user's name.</summary>
    public string Name { get; }

    /// <summary>May do everything.</summary>
    public bool IsUnlimited => _user is null;

    /// <summary>In the name of a user.</summary>
    public static Principal Of(User user)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new Principal(user.Name, user);
    }

    /// <summary>Whether a channel may be read.</summary>
    public bool MayRead(string channel) => _user is null || _user.Read.Any(p => p.Matches(channel));

    /// <summary>Whether a channel may be published to, created, changed and deleted.</summary>
    public bool MayWrite(string channel) => _user is null || _user.Write.Any(p => p.Matches(channel));

    /// <summary>Whether a channel may be known to exist.</summary>
    public bool MaySee(string channel) => MayRead(channel) || MayWrite(channel);
}
