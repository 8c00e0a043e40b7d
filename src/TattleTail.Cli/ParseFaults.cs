using System.CommandLine;

namespace TattleTail.Cli;

/// <summary>What is wrong with a command line, in our words where the library's would say it twice or in tabs.</summary>
internal static class ParseFaults
{
    /// <summary>A line for each fault.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var unknown = parsed.UnmatchedTokens.Select(token => $"unknown {(token.StartsWith('-') ? "option" : "command or argument")} '{token}'").ToList();
        if (unknown.Count > 0)
        {
            return unknown;
        }

        return [.. parsed.Errors.Select(error => Sentence(error.Message)).Distinct()];
    }

    private static string Sentence(string message)
    {
        var words = string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
        return words.Length == 0 ? message : char.ToLowerInvariant(words[0]) + words[1..];
    }
}
