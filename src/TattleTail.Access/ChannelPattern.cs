using System.Text.RegularExpressions;

namespace TattleTail.Access;

/// <summary>Names of channels: one, or many with <c>*</c> for any characters. Case matters.</summary>
public sealed class ChannelPattern
{
    private readonly Regex _regex;

    private ChannelPattern(string text)
    {
        Text = text;
        _regex = new Regex($"^{Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The pattern, or null with what is wrong with the text.</summary>
    public static ChannelPattern? Parse(string text, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        fault = text.Length is > 0 and <= 249 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '*')
            ? null
            : $"'{text}' is no pattern of channels: it has 1 to 249 of letters, digits, '.', '_', '-', and '*' for any of them";
        return fault is null ? new ChannelPattern(text) : null;
    }

    /// <summary>Whether a channel's name is meant.</summary>
    public bool Matches(string channel) => _regex.IsMatch(channel);
}
