using System.Security.Cryptography;

namespace TattleTail.Access;

/// <summary>A hash that SCRAM is used with (RFC 5802, RFC 7677).</summary>
public sealed class ScramMechanism
{
    private ScramMechanism(string name, HashAlgorithmName hash, int bytes)
    {
        Name = name;
        Hash = hash;
        HashBytes = bytes;
    }

    /// <summary>SCRAM-SHA-256.</summary>
    public static ScramMechanism Sha256 { get; } = new("SCRAM-SHA-256", HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);

    /// <summary>SCRAM-SHA-512.</summary>
    public static ScramMechanism Sha512 { get; } = new("SCRAM-SHA-512", HashAlgorithmName.SHA512, SHA512.HashSizeInBytes);

    /// <summary>The name under which SASL knows it.</summary>
    public string Name { get; }

    internal HashAlgorithmName Hash { get; }

    internal int HashBytes { get; }

    /// <summary>The mechanism of a name; null when there is none.</summary>
    public static ScramMechanism? Find(string name) => name == Sha256.Name ? Sha256 : name == Sha512.Name ? Sha512 : null;

    internal byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text) =>
        ReferenceEquals(this, Sha256) ? HMACSHA256.HashData(key, text) : HMACSHA512.HashData(key, text);

    internal byte[] Digest(ReadOnlySpan<byte> text) => ReferenceEquals(this, Sha256) ? SHA256.HashData(text) : SHA512.HashData(text);
}
