using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace TattleTail.Access;

/// <summary>
/// The users of one reading of the users file. A name that is not known is treated as one whose password is wrong, with the same work and the same answers, so that nobody learns who is a
/// user. Safe for concurrent use.
/// </summary>
public sealed class UserDirectory
{
    private const int MostRemembered = 1_000;

    private readonly Dictionary<string, User> _users;
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(string Name, string Password), User> _remembered = new();

    /// <summary>Creates a directory of users with different names.</summary>
    public UserDirectory(IEnumerable<User> users) => _users = users.ToDictionary(u => u.Name, StringComparer.Ordinal);

    /// <summary>The users, by name.</summary>
    public IReadOnlyList<User> All => [.. _users.Values.OrderBy(u => u.Name, StringComparer.Ordinal)];

    /// <summary>A user; null when there is none of that name.</summary>
    public User? Find(string name) => _users.GetValueOrDefault(name);

    /// <summary>
    /// The user whose password this is; null otherwise. Takes milliseconds of a processor, for a known name as for an unknown one; a password that was right a moment ago is known again.
    /// </summary>
    public User? Authenticate(string name, string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        (string Name, string Password) key = (name, Convert.ToHexString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(password))));
        if (_remembered.TryGetValue(key, out User? known))
        {
            return known;
        }

        User? user = Find(name);
        bool isRight = VerifierOf(name, user, ScramMechanism.Sha512).IsOf(password);
        if (!isRight || user is null)
        {
            return null;
        }

        if (_remembered.Count < MostRemembered)
        {
            _remembered.TryAdd(key, user);
        }

        return user;
    }

    /// <summary>Begins an exchange by SCRAM.</summary>
    public ScramExchange Begin(ScramMechanism mechanism) => new(this, mechanism);

    /// <summary>What is kept of a user's password; for an unknown one something that no password fits and that is always the same.</summary>
    internal ScramVerifier VerifierOf(string name, User? user, ScramMechanism mechanism)
    {
        if (user?.Verifier(mechanism) is { } verifier)
        {
            return verifier;
        }

        byte[] salt = HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{mechanism.Name}/{name}"))[..16];
        return new ScramVerifier(mechanism, ScramVerifier.Iterations, salt, RandomNumberGenerator.GetBytes(mechanism.HashBytes), RandomNumberGenerator.GetBytes(mechanism.HashBytes));
    }
}
