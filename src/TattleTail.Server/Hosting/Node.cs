using TattleTail.Log;
using TattleTail.Server.Configuration;
using TattleTail.Server.Folders;

namespace TattleTail.Server.Hosting;

/// <summary>A running node: data folder, log, Kafka and HTTP endpoints. Does not listen to signals: its owner calls <see cref="StopAsync"/>.</summary>
public sealed class Node : IAsyncDisposable
{
    /// <summary>The log.</summary>
    public EventLog Log => throw new NotImplementedException();

    /// <summary>Where Kafka clients connect, with the port that was really bound.</summary>
    public HostPort KafkaAddress => throw new NotImplementedException();

    /// <summary>Where HTTP clients connect, with the port that was really bound; loopback when it is bound to a wildcard.</summary>
    public Uri HttpAddress => throw new NotImplementedException();

    /// <summary>The data folder.</summary>
    public DataFolder DataFolder => throw new NotImplementedException();

    /// <summary>Completes when the node has stopped, whoever stopped it; fails when it stopped because of a fault.</summary>
    public Task Completion => throw new NotImplementedException();

    /// <summary>Starts a node; when it returns, it answers on both addresses. Throws <see cref="StartException"/>.</summary>
    public static ValueTask<Node> StartAsync(NodeConfig config, NodePorts? ports = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Stops taking connections, lets requests end (at most 30 s), makes what was accepted durable, closes the log and lets go of the folder.</summary>
    public Task StopAsync() => throw new NotImplementedException();

    /// <summary>The same as <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();
}
