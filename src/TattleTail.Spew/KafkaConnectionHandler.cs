using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using TattleTail.Access;
using TattleTail.Log;
using TattleTail.Spew.Connections;

namespace TattleTail.Spew;

/// <summary>The Kafka protocol on a Kestrel endpoint: serves each connection from the log. Dispose it when the connections have ended. Safe for concurrent use.</summary>
public sealed class KafkaConnectionHandler : ConnectionHandler, IDisposable
{
    /// <summary>Creates the handler. Throws <see cref="ArgumentException"/> when the options contradict themselves or would advertise a wildcard address.</summary>
    /// <param name="log">What is served; owned by the caller and outliving the connections.</param>
    /// <param name="options">How.</param>
    /// <param name="logger">One line for each connection that is refused or fails.</param>
    /// <param name="metrics">The instruments.</param>
    /// <param name="authenticator">Who may log in; null: everybody may do everything.</param>
    /// <param name="clock">For the times that a client may take; null: the system's.</param>
    public KafkaConnectionHandler(
        EventLog log, SpewOptions options, ILogger<KafkaConnectionHandler> logger, SpewMetrics metrics, Authenticator? authenticator = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        ArgumentNullException.ThrowIfNull(metrics);
        Check(options);
        Node = new SpewNode(log, options, logger, metrics, authenticator, clock ?? TimeProvider.System);
    }

    /// <summary>What the connections share.</summary>
    internal SpewNode Node { get; }

    /// <inheritdoc />
    public override Task OnConnectedAsync(ConnectionContext connection) => new KafkaConnection(Node, connection).RunAsync();

    /// <summary>Stops the timers of consumer groups.</summary>
    public void Dispose() => Node.Groups.Dispose();

    private static void Check(SpewOptions options)
    {
        if (options.Advertised is { } advertised)
        {
            bool wildcard = advertised.Host is "" or "*" or "+" ||
                (IPAddress.TryParse(advertised.Host, out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)));
            if (wildcard || advertised.Port is < 1 or > 65_535)
            {
                throw new ArgumentException($"Clients can't connect to the advertised address {advertised.Host}:{advertised.Port}.", nameof(options));
            }
        }

        if (options.NodeId < 0 || options.DefaultPartitions < 1 || options.MaxRequestBytes < 1024 || options.RequestMemoryBytes < 1024 * 1024)
        {
            throw new ArgumentException("Spew's options are out of range: node id from 0, partitions from 1, request bytes from 1 KiB, request memory from 1 MiB.", nameof(options));
        }
    }
}
