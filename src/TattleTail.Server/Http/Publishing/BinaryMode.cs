using Microsoft.AspNetCore.Http;
using TattleTail.Events;
using TattleTail.Events.CloudEvents;

namespace TattleTail.Server.Http.Publishing;

/// <summary>The attributes of a CloudEvent in the <c>ce-</c> headers (CloudEvents 1.0.2, HTTP protocol binding, 3.1.3).</summary>
internal static class BinaryMode
{
    private const string Prefix = "ce-";

    public static bool Is(HttpRequest request) => request.Headers.ContainsKey(Prefix + "specversion");

    /// <summary>Names without the prefix, and decoded values.</summary>
    public static List<KeyValuePair<string, string>> Attributes(HttpRequest request)
    {
        var attributes = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in request.Headers)
        {
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var value = values.Count == 1 ? values[0]! : throw new InvalidEventException($"the header {name} came {values.Count} times");
                attributes.Add(new(name[Prefix.Length..].ToLowerInvariant(), HttpHeaderValue.Decode(value)));
            }
        }

        return attributes;
    }
}
