using TattleTail.Spew.Connections;
using TattleTail.Spew.Security;

namespace TattleTail.Spew.Handlers;

/// <summary>A connected client: what its requests share.</summary>
internal sealed class Client(SpewNode node, Endpoint endpoint, string remoteHost, bool isPrivate, CancellationToken ending)
{
    public SpewNode Node { get; } = node;

    /// <summary>Where the client is told to connect to.</summary>
    public Endpoint Endpoint { get; } = endpoint;

    /// <summary>The client's address, without its port.</summary>
    public string RemoteHost { get; } = remoteHost;

    /// <summary>Nobody listens: the connection is encrypted, or does not leave the machine.</summary>
    public bool IsPrivate { get; } = isPrivate;

    /// <summary>How far the client has logged in.</summary>
    public SaslSession Sasl { get; } = new(node.Authenticator, remoteHost);

    /// <summary>Cancelled when the client has gone or the node stops: whoever waits for something to come should not wait any longer.</summary>
    public CancellationToken Ending { get; } = ending;

    /// <summary>Which partition of a fetch comes first in the next one, when the last one could not serve all.</summary>
    public int FetchRotation { get; set; }
}
