using System.Globalization;
using System.Net;

namespace TattleTail.Server.Configuration;

/// <summary>A host, as a name or an IP address, and a TCP port; port 0 lets the system choose.</summary>
/// <param name="Host">The name or address; an IPv6 address without its brackets.</param>
/// <param name="Port">The port.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>True when only this machine can reach it.</summary>
    public bool IsLoopback => Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(Host, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>True when it stands for every address of this machine.</summary>
    public bool IsWildcard => Host is "*" or "+" || (IPAddress.TryParse(Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));

    /// <summary>Reads <c>HOST:PORT</c>, IPv6 as <c>[::1]:9092</c>; null with a reason when it is none.</summary>
    public static HostPort? Parse(string text, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        fault = null;
        if (colon < 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > 65_535)
        {
            fault = "an address is HOST:PORT with a port from 0 to 65535, such as 127.0.0.1:9092";
            return null;
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        if (host.Length == 0 || host.Contains(' ', StringComparison.Ordinal) || (bracketed ? !IPAddress.TryParse(host, out _) : host.Contains(':', StringComparison.Ordinal)))
        {
            fault = "an address is HOST:PORT, an IPv6 address in brackets, such as [::1]:9092";
            return null;
        }

        return new HostPort(host, port);
    }

    /// <summary><c>HOST:PORT</c>, an IPv6 address in brackets.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
