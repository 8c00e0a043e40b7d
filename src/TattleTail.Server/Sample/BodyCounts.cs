using System.Security.Cryptography;

namespace TattleTail.Server.Sample;

/// <summary>How often each body occurs. Bodies are told apart by their SHA-256; the sample holds some ids twice, so ids would not do.</summary>
internal sealed class BodyCounts
{
    private readonly Dictionary<string, int> _counts = [];

    /// <summary>Counts a body.</summary>
    public void Add(ReadOnlySpan<byte> body)
    {
        var hash = Hash(body);
        _counts[hash] = _counts.GetValueOrDefault(hash) + 1;
    }

    /// <summary>Takes one of a body; false when there is none left.</summary>
    public bool Take(ReadOnlySpan<byte> body)
    {
        var hash = Hash(body);
        if (!_counts.TryGetValue(hash, out var count) || count == 0)
        {
            return false;
        }

        _counts[hash] = count - 1;
        return true;
    }

    private static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));
}
