using System.Security.Cryptography;
using System.Text;

namespace TattleTail.Archive;

/// <summary>
/// Names of data files: <c>data/c-&lt;channel&gt;/&lt;yyyy-MM&gt;/&lt;32 hex&gt;.parquet</c>. The channel is written so that two channels never share a directory, also where upper and lower case are one: lower-case letters,
/// digits, <c>.</c>, <c>-</c> and <c>_</c> stand for themselves, an upper-case letter, and a <c>_</c> before two hex digits, is <c>_</c> and two hex digits. Over 180 characters: the first 100 and the SHA-256 of the name.
/// </summary>
internal static class FilePath
{
    private const int MaxEncoded = 180;
    private const int Kept = 100;

    public static string Of(string channel, string month, long high, long low) => $"data/c-{Encode(channel)}/{month}/{high:x16}{low:x16}.parquet";

    public static string Encode(string channel)
    {
        var encoded = new StringBuilder(channel.Length);
        for (var i = 0; i < channel.Length; i++)
        {
            var c = channel[i];
            if (char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.' || (c == '_' && !LooksEscaped(channel, i)))
            {
                encoded.Append(c);
            }
            else
            {
                encoded.Append('_').Append(((int)c).ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        // A name that Windows would shorten.
        if (encoded[^1] == '.')
        {
            encoded.Length--;
            encoded.Append("_2e");
        }

        return encoded.Length <= MaxEncoded ? encoded.ToString() : $"{encoded.ToString(0, Kept)}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(channel)))}";
    }

    private static bool LooksEscaped(string channel, int at) => at + 2 < channel.Length && char.IsAsciiHexDigitLower(channel[at + 1]) && char.IsAsciiHexDigitLower(channel[at + 2]);
}
