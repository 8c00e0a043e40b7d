using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TattleTail.Log;
using TattleTail.Server.Configuration;
using TattleTail.Server.Folders;
using TattleTail.Server.Security;
using TattleTail.Server.Telemetry;

namespace TattleTail.Server.Hosting;

/// <summary>A running node: data folder, log, Kafka and HTTP endpoints. Does not listen to signals: its owner calls <see cref="StopAsync"/>.</summary>
public sealed class Node : IAsyncDisposable
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly LogThreads _threads;
    private readonly Endpoints _endpoints;
    private readonly ILogger _logger;
    private int _stopping;

    private Node(DataFolder folder, LogThreads threads, EventLog log, Endpoints endpoints)
    {
        DataFolder = folder;
        Log = log;
        _threads = threads;
        _endpoints = endpoints;
        _logger = endpoints.Services.GetRequiredService<ILogger<Node>>();
    }

    /// <summary>The log.</summary>
    public EventLog Log { get; }

    /// <summary>Where Kafka clients connect, with the port that was really bound.</summary>
    public HostPort KafkaAddress => _endpoints.Kafka;

    /// <summary>Where HTTP clients of this machine connect, with the port that was really bound.</summary>
    public Uri HttpAddress => _endpoints.Http;

    /// <summary>A client of its HTTP API that may do everything.</summary>
    internal HttpClient CreateClient() => NodeHttp.Create(HttpAddress, new NodeLogin { Token = _endpoints.Token.Text, Certificate = _endpoints.Certificate is null ? null : () => _endpoints.Certificate });

    /// <summary>The data folder.</summary>
    public DataFolder DataFolder { get; }

    /// <summary>Completes when the node has stopped; fails when it could not stop cleanly.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Starts a node; when it returns, it answers on both addresses. Throws <see cref="StartException"/>, with everything given back.</summary>
    public static async ValueTask<Node> StartAsync(NodeConfig config, NodePorts? ports = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(config);
        ports ??= new NodePorts();
        var undo = new Stack<Func<ValueTask>>();
        try
        {
            var listeners = new Listeners(config);
            var folder = await DataFolder.OpenAsync(config.DataFolder, ports.Files);
            undo.Push(() => Disposed(folder));
            var self = new RunningNode(Environment.ProcessId, null, null, NodeVersion.Text, ports.Clock.GetUtcNow());
            folder.Describe(self);
            var threads = new LogThreads();
            undo.Push(() => Disposed(threads));
            var endpoints = new Endpoints(config, ports, listeners);
            undo.Push(endpoints.DisposeAsync);
            var log = await LogOpening.OpenAsync(threads, LogThreads.Options(config, folder.Journal), config.ArchiveFolder, ports, endpoints.Observer);
            undo.Push(log.DisposeAsync);
            await endpoints.StartAsync(log, cancel);
            endpoints.Token.Write(folder.Path);
            endpoints.DescribeTo(shown => folder.Describe(self with { Http = endpoints.Http, Kafka = endpoints.Kafka.ToString(), Certificate = shown }));
            var node = new Node(folder, threads, log, endpoints);
            NodeEvents.Started(node._logger, NodeVersion.Text, folder.Path, node.KafkaAddress.ToString(), node.HttpAddress.ToString());
            undo.Clear();
            return node;
        }
        finally
        {
            while (undo.TryPop(out var step))
            {
                await step();
            }
        }
    }

    /// <summary>Stops taking connections, lets requests end (at most 30 s), makes what was accepted durable, closes the log and lets go of the folder.</summary>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopping, 1) == 1)
        {
            await Completion;
            return;
        }

        NodeEvents.Stopping(_logger);
        try
        {
            await _endpoints.StopAsync();
            await Log.DisposeAsync();
            NodeEvents.Stopped(_logger);
            _completion.SetResult();
        }
        catch (Exception e)
        {
            _completion.SetException(e);
            throw;
        }
        finally
        {
            await _endpoints.DisposeAsync();
            LocalToken.Remove(DataFolder.Path);
            _threads.Dispose();
            DataFolder.Dispose();
        }
    }

    /// <summary>The same as <see cref="StopAsync"/>.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    private static ValueTask Disposed(IDisposable held)
    {
        held.Dispose();
        return ValueTask.CompletedTask;
    }
}
