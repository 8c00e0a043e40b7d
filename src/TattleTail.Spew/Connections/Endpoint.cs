using System.Net;

namespace TattleTail.Spew.Connections;

/// <summary>The address that a client is told to connect to.</summary>
internal readonly record struct Endpoint(string Host, int Port)
{
    /// <summary>The configured address, else the one on which the connection came in, which is never a wildcard.</summary>
    public static Endpoint Of(SpewOptions options, EndPoint? local)
    {
        if (options.Advertised is { } advertised)
        {
            return new(advertised.Host, advertised.Port);
        }

        if (local is not IPEndPoint ip)
        {
            throw new InvalidOperationException($"A connection on {local?.ToString() ?? "an unknown address"} tells clients no host and port: set {nameof(SpewOptions)}.{nameof(SpewOptions.Advertised)}.");
        }

        IPAddress address = ip.Address.IsIPv4MappedToIPv6 ? ip.Address.MapToIPv4() : ip.Address;
        return new(address.ToString(), ip.Port);
    }
}
