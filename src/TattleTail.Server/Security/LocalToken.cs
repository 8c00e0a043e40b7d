using System.Security.Cryptography;
using System.Text;
using TattleTail.Platform;

namespace TattleTail.Server.Security;

/// <summary>
/// A secret that a running node writes into its data folder for its owner's eyes only: a command that can read it could as well read all events, so it may do everything without a password.
/// </summary>
public sealed class LocalToken
{
    private const string FileName = "tattletail.token";

    private readonly string _text = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Writes it into a data folder.</summary>
    public void Write(string folder) => PrivateFile.Write(Path.Combine(folder, FileName), _text);

    /// <summary>Removes it from a data folder.</summary>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>The token of the node that uses a folder; null when there is none that may be read.</summary>
    public static string? Read(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, FileName));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether this is it.</summary>
    public bool Is(string text) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(_text));

    /// <summary>For this process's own requests.</summary>
    internal string Text => _text;
}
