using System.Text;
using Microsoft.AspNetCore.Http;
using TattleTail.Events;

namespace TattleTail.Server.Http.Publishing;

/// <summary>The attributes of a CloudEvent in the <c>ce-</c> headers (CloudEvents 1.0.2, HTTP protocol binding, 3.1.3).</summary>
internal static class BinaryMode
{
    private const string Prefix = "ce-";

    public static bool Is(HttpRequest request) => request.Headers.ContainsKey(Prefix + "specversion");

    /// <summary>Names without the prefix, and values unquoted and percent-decoded.</summary>
    public static List<KeyValuePair<string, string>> Attributes(HttpRequest request)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var value = values.Count == 1 ? values[0]! : throw new InvalidEventException($"the header {name} came {values.Count} times");
                attributes.Add(new(name[Prefix.Length..].ToLowerInvariant(), Uri.UnescapeDataString(Unquoted(value))));
            }
        }

        return attributes;
    }

    private static string Unquoted(string value)
    {
        if (value.Length < 2 || value[0] != '"' || value[^1] != '"')
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length - 1; i++)
        {
            if (value[i] == '\\' && i < value.Length - 2)
            {
                i++;
            }

            text.Append(value[i]);
        }

        return text.ToString();
    }
}
