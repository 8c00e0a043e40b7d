using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TattleTail.Access;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Storage.Local;

namespace TattleTail.Spew.Tests;

/// <summary>The endpoint on a free port of the loopback interface, over a real log in a temporary folder.</summary>
internal sealed class SpewTestNode : IAsyncDisposable
{
    private static readonly string[] ThreadNames = ["writer", "sync", "sealer", "archive commits", "archive reads"];

    private readonly string _folder;
    private readonly List<DedicatedThreads> _threads;
    private readonly WebApplication _app;
    private readonly SpewMetrics _metrics;

    private SpewTestNode(string folder, List<DedicatedThreads> threads, EventLog log, WebApplication app, KafkaConnectionHandler handler, SpewMetrics metrics, LineLog lines)
    {
        _folder = folder;
        _threads = threads;
        _app = app;
        _metrics = metrics;
        Log = log;
        Handler = handler;
        Lines = lines;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public EventLog Log { get; }

    public KafkaConnectionHandler Handler { get; }

    public int Port { get; }

    public string Bootstrap => $"127.0.0.1:{Port}";

    /// <summary>What the endpoint logged.</summary>
    public LineLog Lines { get; }

    public static async Task<SpewTestNode> StartAsync(
        SpewOptions? options = null,
        Func<LogOptions, LogOptions>? configure = null,
        TimeProvider? clock = null,
        bool readThroughArchive = false,
        Authenticator? authenticator = null,
        X509Certificate2? certificate = null)
    {
        string folder = Path.Combine(Path.GetTempPath(), "tattletail-spew-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        List<DedicatedThreads> threads = [.. ThreadNames.Select(name => new DedicatedThreads(name))];
        var files = new OperatingSystemFiles();
        var logOptions = new LogOptions { JournalFolder = Path.Combine(folder, "journal"), SegmentBytes = 8 * 1024 * 1024, ReadThroughArchive = readThroughArchive };
        logOptions = readThroughArchive ? logOptions with { CommitInterval = TimeSpan.Zero } : logOptions;
        EventLog log = await EventLog.OpenAsync(configure?.Invoke(logOptions) ?? logOptions, new LogPorts
        {
            Files = files,
            OpenStore = async () => await LocalStore.OpenAsync(files, Path.Combine(folder, "archive")),
            Clock = TimeProvider.System,
            Random = new Random(1),
            Writer = threads[0],
            Sync = threads[1],
            Sealer = threads[2],
            ArchiveCommits = threads[3],
            ArchiveReads = threads[4],
        });
        return await HostAsync(folder, threads, log, options ?? new SpewOptions(), clock, authenticator, certificate);
    }

    /// <summary>The endpoint without a log behind it, for what ends before a channel is touched.</summary>
    public static Task<SpewTestNode> StartWithoutLogAsync(SpewOptions? options = null, TimeProvider? clock = null) =>
        HostAsync("", [], (EventLog)RuntimeHelpers.GetUninitializedObject(typeof(EventLog)), options ?? new SpewOptions(), clock);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _metrics.Dispose();
        if (_folder.Length > 0)
        {
            await Log.DisposeAsync();
            _threads.ForEach(thread => thread.Dispose());
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Lets nothing become durable until what is returned is disposed.</summary>
    public IDisposable HoldSyncs()
    {
        var release = new ManualResetEventSlim();
        var held = new ManualResetEventSlim();
        _ = Task.Factory.StartNew(
            () =>
            {
                held.Set();
                release.Wait();
            },
            CancellationToken.None,
            TaskCreationOptions.None,
            _threads[1]);
        held.Wait();
        return new Release(release);
    }

    /// <summary>Stops taking requests, as a node that is told to stop.</summary>
    public Task StopAsync() => _app.StopAsync();

    private static async Task<SpewTestNode> HostAsync(string folder, List<DedicatedThreads> threads, EventLog log, SpewOptions options, TimeProvider? clock, Authenticator? authenticator = null, X509Certificate2? certificate = null)
    {
        var lines = new LineLog();
        var metrics = new SpewMetrics();
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var handler = new KafkaConnectionHandler(log, options, lines, metrics, authenticator, clock);
        builder.Services.AddSingleton(handler);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }

            listen.UseConnectionHandler<KafkaConnectionHandler>();
        }));
        builder.WebHost.UseKestrelHttpsConfiguration();
        WebApplication app = builder.Build();
        await app.StartAsync();
        return new SpewTestNode(folder, threads, log, app, handler, metrics, lines);
    }
}

/// <summary>Lets go of what waits for an event.</summary>
internal sealed class Release(ManualResetEventSlim release) : IDisposable
{
    public void Dispose() => release.Set();
}

/// <summary>Keeps log lines from warnings up.</summary>
internal sealed class LineLog : ILogger<KafkaConnectionHandler>
{
    private readonly ConcurrentQueue<string> _lines = [];

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}".TrimEnd());
}
