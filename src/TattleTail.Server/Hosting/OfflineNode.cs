using TattleTail.Server.Configuration;

namespace TattleTail.Server.Hosting;

/// <summary>
/// The HTTP API over a data folder that no node is using, for one command of this process: on a port of this machine's own that the system chooses and nobody is told of. There is no
/// Kafka endpoint, and nothing is sealed unless asked for.
/// </summary>
public sealed class OfflineNode : IAsyncDisposable
{
    private readonly OfflineLog _offline;
    private readonly Endpoints _endpoints;

    private OfflineNode(OfflineLog offline, Endpoints endpoints)
    {
        _offline = offline;
        _endpoints = endpoints;
    }

    /// <summary>Where the API answers.</summary>
    public Uri HttpAddress => _endpoints.Http;

    /// <summary>Opens the folder, which must exist, and answers. Throws <see cref="StartException"/>; <see cref="StartFault.FolderInUse"/> when a node has it.</summary>
    public static async ValueTask<OfflineNode> StartAsync(NodeConfig config, NodePorts? ports = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ports ??= new NodePorts();
        config = config with { Http = new HostPort("127.0.0.1", 0), Kafka = new HostPort("127.0.0.1", 0), AutoCreateChannels = false, Users = null, TlsCertificate = null, TlsKey = null };
        var offline = await OfflineLog.OpenAsync(config, ports);
        var endpoints = new Endpoints(config, ports, new Listeners(config, withKafka: false));
        var node = new OfflineNode(offline, endpoints);
        try
        {
            await endpoints.StartAsync(offline.Log, cancel);
            return node;
        }
        catch (Exception e) when (e is StartException or OperationCanceledException)
        {
            await endpoints.DisposeAsync();
            await offline.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets requests end, closes the log and lets go of the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        await _endpoints.StopAsync();
        await _endpoints.DisposeAsync();
        await _offline.DisposeAsync();
    }
}
