using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TattleTail.Access;

/// <summary>
/// The server's side of one SCRAM exchange: the client's first message, a challenge, the client's proof, our signature (RFC 5802, section 5). Without channel binding. Not for concurrent use.
/// </summary>
public sealed class ScramExchange
{
    private const int NonceBytes = 18;

    private readonly UserDirectory _users;
    private readonly ScramMechanism _mechanism;
    private string _gs2Header = "";
    private string _clientFirst = "";
    private string _serverFirst = "";
    private string _nonce = "";
    private User? _user;
    private ScramVerifier? _verifier;

    internal ScramExchange(UserDirectory users, ScramMechanism mechanism)
    {
        _users = users;
        _mechanism = mechanism;
    }

    /// <summary>Who has proved to be it; null before, and when the proof was wrong.</summary>
    public User? Authenticated { get; private set; }

    /// <summary>The name that the client gave.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Our answer to a message of the client; null when the exchange has failed.</summary>
    public byte[]? Answer(ReadOnlySpan<byte> message)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(message);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }

        return _verifier is null ? First(text) : Final(text);
    }

    /// <summary>gs2-header: <c>n,[a=authzid],</c> then <c>n=name,r=nonce[,extensions]</c>.</summary>
    private byte[]? First(string text)
    {
        string[] parts = text.Split(',');
        if (parts.Length < 4 || parts[0] is not ("n" or "y") || !parts[2].StartsWith("n=", StringComparison.Ordinal) || parts[3].Length < 3 || !parts[3].StartsWith("r=", StringComparison.Ordinal))
        {
            return null;
        }

        Name = Unescaped(parts[2][2..]);
        if (Name.Length is 0 or > User.MaxName || (parts[1].Length > 0 && parts[1] != $"a={parts[2][2..]}"))
        {
            return null;
        }

        _gs2Header = $"{parts[0]},{parts[1]},";
        _clientFirst = text[_gs2Header.Length..];
        _user = _users.Find(Name);
        _verifier = _users.VerifierOf(Name, _user, _mechanism);
        _nonce = parts[3][2..] + Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        _serverFirst = string.Create(CultureInfo.InvariantCulture, $"r={_nonce},s={Convert.ToBase64String(_verifier.Salt)},i={_verifier.Rounds}");
        return Encoding.UTF8.GetBytes(_serverFirst);
    }

    /// <summary><c>c=gs2-header in base64,r=nonce[,extensions],p=proof</c>.</summary>
    private byte[]? Final(string text)
    {
        int proofAt = text.LastIndexOf(",p=", StringComparison.Ordinal);
        string binding = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(_gs2Header))},r={_nonce}";
        if (proofAt < 0 || (text[..proofAt] != binding && !text.StartsWith(binding + ",", StringComparison.Ordinal)))
        {
            return null;
        }

        byte[] proof = new byte[_mechanism.HashBytes];
        if (!Convert.TryFromBase64String(text[(proofAt + 3)..], proof, out int length) || length != proof.Length)
        {
            return null;
        }

        byte[] signed = Encoding.UTF8.GetBytes($"{_clientFirst},{_serverFirst},{text[..proofAt]}");
        byte[] clientKey = _mechanism.Hmac(_verifier!.StoredKey, signed);
        for (int i = 0; i < clientKey.Length; i++)
        {
            clientKey[i] ^= proof[i];
        }

        bool isRight = CryptographicOperations.FixedTimeEquals(_mechanism.Digest(clientKey), _verifier.StoredKey);
        Authenticated = isRight ? _user : null;
        return Authenticated is null ? null : Encoding.UTF8.GetBytes($"v={Convert.ToBase64String(_mechanism.Hmac(_verifier.ServerKey, signed))}");
    }

    private static string Unescaped(string name) => name.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
}
