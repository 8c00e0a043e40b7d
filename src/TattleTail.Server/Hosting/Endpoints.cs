using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TattleTail.Log;
using TattleTail.Server.Configuration;
using TattleTail.Server.Http;
using TattleTail.Server.Http.Publishing;
using TattleTail.Server.Security;
using TattleTail.Server.Telemetry;
using TattleTail.Spew;
using TattleTail.Spew.Groups;

namespace TattleTail.Server.Hosting;

/// <summary>Kestrel with the Kafka and the HTTP endpoint, and the logs and metrics of the process.</summary>
internal sealed class Endpoints : IAsyncDisposable
{
    /// <summary>How long requests may go on after the stop.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private readonly NodeConfig _config;
    private readonly NodePorts _ports;
    private readonly Listeners _listeners;
    private readonly WebApplication _app;
    private readonly LogTelemetry _telemetry;
    private readonly SpewMetrics _spewMetrics = new();
    private NodeSecurity? _security;
    private KafkaConnectionHandler? _kafka;

    public Endpoints(NodeConfig config, NodePorts ports, Listeners listeners)
    {
        _config = config;
        _ports = ports;
        _listeners = listeners;

        // Empty: no appsettings.json, no ASPNETCORE_ variables, no console of its own. A node has one configuration.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "tattletail", EnvironmentName = Environments.Production });
        builder.Logging.SetMinimumLevel(config.LogLevel).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // What it says of a failed start is thrown to the owner, in words.
        builder.Logging.AddProvider(new LineLoggerProvider(ports.LogOutput, config.LogFormat, ports.Clock));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>>(new WireMemory());
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = Grace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => listeners.Add(kestrel, () => _security!.Certificate!.Current, connection => _kafka!.OnConnectedAsync(connection)));
        builder.WebHost.UseKestrelHttpsConfiguration();
        Instruments.Add(builder);
        _app = builder.Build();
        _telemetry = new LogTelemetry(_app.Services.GetRequiredService<ILogger<LogTelemetry>>());
    }

    /// <summary>What the log tells of itself goes here.</summary>
    public ILogObserver Observer => _telemetry;

    public IServiceProvider Services => _app.Services;

    public HostPort Kafka => _listeners.Kafka;

    /// <summary>Lets this machine's own commands in.</summary>
    public LocalToken Token => _security!.Token;

    /// <summary>SHA-256 of the certificate that TLS shows, in hex; null without TLS.</summary>
    public string? Certificate => _security!.Certificate?.Current.TargetCertificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    public Uri Http => _listeners.Http;

    /// <summary>Tells which certificate is shown (<see cref="Certificate"/>), now and before another is shown for the first time.</summary>
    public void DescribeTo(Action<string?> describe)
    {
        if (_security!.Certificate is { } certificate)
        {
            certificate.Renewed = () => describe(Certificate);
        }

        describe(Certificate);
    }

    /// <summary>Starts to answer. Throws <see cref="StartException"/>.</summary>
    public async ValueTask StartAsync(EventLog log, CancellationToken cancel)
    {
        _security = NodeSecurity.Open(_config, _ports.Clock, _app.Services.GetRequiredService<ILoggerFactory>());
        _kafka = new KafkaConnectionHandler(log, SpewOptions(), _app.Services.GetRequiredService<ILogger<KafkaConnectionHandler>>(), _spewMetrics, _security.Authenticator, _ports.Clock);
        _telemetry.Recovered(log.Recovery);
        _telemetry.Observe(log);
        var api = new ApiContext(
            log, _config, _ports.Clock, _app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("TattleTail.Server.Http"), new BodyMemory(BodyMemory.DefaultLimit), _app.Lifetime.ApplicationStopping);
        HttpApi.Map(_app, api, _security);
        try
        {
            await _app.StartAsync(cancel);
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            throw _listeners.Refused(e);
        }

        foreach (var address in new[] { _config.Kafka, _config.Http }.Where(a => !a.IsLoopback && _security.Authenticator is null))
        {
            NodeEvents.Exposed(_app.Services.GetRequiredService<ILogger<Node>>(), address.ToString());
        }
    }

    /// <summary>Stops listening and lets requests end.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _kafka?.Dispose();
        _security?.Dispose();
        _telemetry.Dispose();
        _spewMetrics.Dispose();
    }

    private SpewOptions SpewOptions() => new()
    {
        Advertised = _config.KafkaAdvertise is { } advertised ? (advertised.Host, advertised.Port) : null,
        AutoCreateChannels = _config.AutoCreateChannels,
        DefaultPartitions = _config.DefaultPartitions,
        MaxRequestBytes = _config.KafkaMaxRequestBytes,
        RequestMemoryBytes = _config.KafkaRequestMemoryBytes,
        FetchMemoryBytes = _config.KafkaFetchMemoryBytes,
        Groups = new GroupOptions
        {
            InitialRebalanceDelay = _config.GroupInitialRebalanceDelay,
            MinSessionTimeout = _config.GroupMinSessionTimeout,
            MaxSessionTimeout = _config.GroupMaxSessionTimeout,
            MaxMembers = _config.GroupMaxMembers,
            Retention = _config.OffsetsRetention,
        },
    };
}
