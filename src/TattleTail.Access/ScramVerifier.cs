using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TattleTail.Access;

/// <summary>
/// What is kept of a password: enough to check it, not enough to log in with (RFC 5802, section 3). Written as <c>mechanism$iterations$salt$stored key$server key</c>, the last three in base64.
/// </summary>
public sealed class ScramVerifier
{
    /// <summary>Rounds of PBKDF2 for new passwords. RFC 7677 asks for at least 4,096.</summary>
    public const int Iterations = 8_192;

    private const int LeastIterations = 4_096;
    private const int MostIterations = 1_000_000;
    private const int SaltBytes = 16;

    internal ScramVerifier(ScramMechanism mechanism, int iterations, byte[] salt, byte[] storedKey, byte[] serverKey)
    {
        Mechanism = mechanism;
        Rounds = iterations;
        Salt = salt;
        StoredKey = storedKey;
        ServerKey = serverKey;
    }

    /// <summary>Of which mechanism.</summary>
    public ScramMechanism Mechanism { get; }

    internal int Rounds { get; }

    internal byte[] Salt { get; }

    internal byte[] StoredKey { get; }

    internal byte[] ServerKey { get; }

    /// <summary>Of a new password, one for each mechanism.</summary>
    public static IReadOnlyList<ScramVerifier> CreateAll(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        return [Create(ScramMechanism.Sha256, password), Create(ScramMechanism.Sha512, password)];
    }

    /// <summary>As it is written; null when it is not one.</summary>
    public static ScramVerifier? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split('$');
        if (parts.Length != 5 || ScramMechanism.Find(parts[0]) is not { } mechanism
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int iterations) || iterations is < LeastIterations or > MostIterations)
        {
            return null;
        }

        byte[]?[] bytes = [.. parts[2..].Select(FromBase64)];
        return bytes is [{ Length: >= 8 } salt, { } stored, { } server] && stored.Length == mechanism.HashBytes && server.Length == mechanism.HashBytes
            ? new ScramVerifier(mechanism, iterations, salt, stored, server)
            : null;
    }

    /// <summary>Whether this is the password. Takes as long for a wrong one.</summary>
    public bool IsOf(string password) =>
        CryptographicOperations.FixedTimeEquals(StoredKeyOf(Mechanism, Salted(Mechanism, password, Salt, Rounds)), StoredKey);

    /// <inheritdoc />
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Mechanism.Name}${Rounds}${Convert.ToBase64String(Salt)}${Convert.ToBase64String(StoredKey)}${Convert.ToBase64String(ServerKey)}");

    internal static byte[] Salted(ScramMechanism mechanism, string password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormKC)), salt, iterations, mechanism.Hash, mechanism.HashBytes);

    private static ScramVerifier Create(ScramMechanism mechanism, string password)
    {
        byte[] salt = RandomNumberGenerator.GetBytes(SaltBytes);
        byte[] salted = Salted(mechanism, password, salt, Iterations);
        return new ScramVerifier(mechanism, Iterations, salt, StoredKeyOf(mechanism, salted), mechanism.Hmac(salted, "Server Key"u8));
    }

    private static byte[] StoredKeyOf(ScramMechanism mechanism, byte[] salted) => mechanism.Digest(mechanism.Hmac(salted, "Client Key"u8));

    private static byte[]? FromBase64(string text)
    {
        byte[] bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out int length) ? bytes[..length] : null;
    }
}
