namespace TattleTail.Access;

/// <summary>Somebody who may log in, and what for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Read">Channels that may be read.</param>
/// <param name="Write">Channels that may be published to, created, changed and deleted.</param>
/// <param name="Verifiers">What is kept of the password, for each mechanism.</param>
public sealed record User(string Name, IReadOnlyList<ChannelPattern> Read, IReadOnlyList<ChannelPattern> Write, IReadOnlyList<ScramVerifier> Verifiers)
{
    /// <summary>Longest name in characters.</summary>
    public const int MaxName = 255;

    /// <summary>What is kept for a mechanism.</summary>
    public ScramVerifier? Verifier(ScramMechanism mechanism) => Verifiers.FirstOrDefault(v => ReferenceEquals(v.Mechanism, mechanism));

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? NameFault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length is > 0 and <= MaxName && name.All(c => !char.IsControl(c) && c is not (':' or ','))
            ? null
            : $"'{name}' is no user's name: it has 1 to {MaxName} characters, none of them a control character, ':' or ','";
    }
}
