using System.Globalization;

namespace TattleTail.Cli.Reading;

/// <summary>Which events to read, in the words of the HTTP API.</summary>
internal sealed record ReadRequest(string Channel, int? Partition, string? From, string? To, string? By, bool Follow, string? Incarnation, long? Limit, bool All)
{
    /// <summary>The path and query to ask the node for.</summary>
    public string ToPath()
    {
        (string Name, string? Value)[] parameters =
        [
            ("partition", Partition?.ToString(CultureInfo.InvariantCulture)),
            ("from", From),
            ("to", To),
            ("by", By),
            ("follow", Follow ? "true" : null),
            ("all", All ? "true" : null),
            ("incarnation", Incarnation),
            ("limit", Limit?.ToString(CultureInfo.InvariantCulture)),
        ];
        var query = string.Join('&', parameters.Where(p => p.Value is not null).Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value!)}"));
        return $"channels/{Uri.EscapeDataString(Channel)}/events{(query.Length == 0 ? "" : "?")}{query}";
    }
}
