using System.Security.Cryptography;
using System.Text;
using TattleTail.Tests;

namespace TattleTail.Access.Tests;

public sealed class ScramTests
{
    private static readonly User Alice = TestUser.Make("alice", "correct horse");

    [Theory]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public void Exchange_WithThePassword_ProvesBothSides(string name)
    {
        ScramMechanism mechanism = ScramMechanism.Find(name)!;
        ScramExchange exchange = new UserDirectory([Alice]).Begin(mechanism);

        (byte[]? answer, byte[] expected) = Login(exchange, mechanism, "alice", "correct horse");

        Assert.Equal("alice", exchange.Authenticated!.Name);
        Assert.Equal($"v={Convert.ToBase64String(expected)}", Encoding.UTF8.GetString(answer!));
    }

    [Theory]
    [InlineData("alice", "wrong")]
    [InlineData("nobody", "correct horse")]
    public void Exchange_WithAWrongPasswordOrName_Fails(string name, string password)
    {
        ScramExchange exchange = new UserDirectory([Alice]).Begin(ScramMechanism.Sha256);

        Assert.Null(Login(exchange, ScramMechanism.Sha256, name, password).Answer);
        Assert.Null(exchange.Authenticated);
    }

    [Fact]
    public void Challenge_OfAnUnknownName_LooksLikeThatOfAKnownOne_AndIsTheSameEachTime()
    {
        var users = new UserDirectory([Alice]);
        string[] Challenge(string name) => Encoding.UTF8.GetString(users.Begin(ScramMechanism.Sha256).Answer(Encoding.UTF8.GetBytes($"n,,n={name},r=abc"))!).Split(',');

        string[] known = Challenge("alice");
        string[] unknown = Challenge("nobody");

        Assert.Equal((known[1].Length, known[2]), (unknown[1].Length, unknown[2]));
        Assert.Equal(unknown[1], Challenge("nobody")[1]);
        Assert.NotEqual(unknown[0], Challenge("nobody")[0]);
        Assert.NotEqual(unknown[1], Challenge("somebody")[1]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n,,n=alice")]
    [InlineData("p=tls-unique,,n=alice,r=x")]
    [InlineData("n,a=root,n=alice,r=x")]
    [InlineData("n,,m=ext,n=alice,r=x")]
    [InlineData("n,,n=,r=x")]
    [InlineData("n,,n=alice,r=")]
    public void FirstMessage_Malformed_Fails(string message) =>
        Assert.Null(new UserDirectory([Alice]).Begin(ScramMechanism.Sha256).Answer(Encoding.UTF8.GetBytes(message)));

    [Theory]
    [InlineData("c=biws,r={0}x,p={1}")]
    [InlineData("c=eSws,r={0},p={1}")]
    [InlineData("c=biws,r={0}")]
    [InlineData("c=biws,r={0},p=AAAA")]
    [InlineData("c=biws,r={0},p=not base64")]
    public void FinalMessage_ThatDoesNotFit_Fails(string form)
    {
        ScramExchange exchange = new UserDirectory([Alice]).Begin(ScramMechanism.Sha256);
        string nonce = Encoding.UTF8.GetString(exchange.Answer("n,,n=alice,r=abc"u8)!).Split(',')[0][2..];

        Assert.Null(exchange.Answer(Encoding.UTF8.GetBytes(string.Format(System.Globalization.CultureInfo.InvariantCulture, form, nonce, Convert.ToBase64String(new byte[32])))));
    }

    [Fact]
    public void Verifier_OfTheRfcsExample_IsItsOwn()
    {
        // RFC 7677, section 3: user "user", password "pencil".
        byte[] salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2("pencil"u8, salt, 4096, HashAlgorithmName.SHA256, 32);
        byte[] clientKey = HMACSHA256.HashData(salted, "Client Key"u8);
        byte[] storedKey = SHA256.HashData(clientKey);
        byte[] serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        ScramVerifier verifier = ScramVerifier.Parse($"SCRAM-SHA-256$4096${Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}${Convert.ToBase64String(serverKey)}")!;

        Assert.True(verifier.IsOf("pencil"));
        Assert.False(verifier.IsOf("pen"));
        const string Auth = "n=user,r=rOprNGfwEbeRWgbNEkqO,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
        Assert.Equal("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Convert.ToBase64String(HMACSHA256.HashData(serverKey, Encoding.UTF8.GetBytes(Auth))));
    }

    /// <summary>A client's side, after RFC 5802; gives the server's last answer and what it should be.</summary>
    private static (byte[]? Answer, byte[] Expected) Login(ScramExchange exchange, ScramMechanism mechanism, string name, string password)
    {
        bool isSmall = mechanism.Name == "SCRAM-SHA-256";
        byte[] Hmac(byte[] key, byte[] text) => isSmall ? HMACSHA256.HashData(key, text) : HMACSHA512.HashData(key, text);
        byte[] Digest(byte[] text) => isSmall ? SHA256.HashData(text) : SHA512.HashData(text);
        string first = $"n={name},r=abc";
        string challenge = Encoding.UTF8.GetString(exchange.Answer(Encoding.UTF8.GetBytes("n,," + first))!);
        string[] parts = challenge.Split(',');
        byte[] salted = Rfc2898DeriveBytes.Pbkdf2(
            password, Convert.FromBase64String(parts[1][2..]), int.Parse(parts[2][2..], System.Globalization.CultureInfo.InvariantCulture),
            isSmall ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512, isSmall ? 32 : 64);
        string final = $"c=biws,{parts[0]}";
        byte[] auth = Encoding.UTF8.GetBytes($"{first},{challenge},{final}");
        byte[] clientKey = Hmac(salted, "Client Key"u8.ToArray());
        byte[] signature = Hmac(Digest(clientKey), auth);
        byte[] proof = [.. clientKey.Zip(signature, (a, b) => (byte)(a ^ b))];
        return (exchange.Answer(Encoding.UTF8.GetBytes($"{final},p={Convert.ToBase64String(proof)}")), Hmac(Hmac(salted, "Server Key"u8.ToArray()), auth));
    }
}
