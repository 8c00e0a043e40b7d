using Microsoft.Extensions.Logging;
using TattleTail.Access;
using TattleTail.Log;
using TattleTail.Spew.Connections;
using TattleTail.Spew.Groups;

namespace TattleTail.Spew;

/// <summary>What all connections share: the log, how to present it, and the memory that they may take together.</summary>
internal sealed class SpewNode
{
    /// <summary>Batches that may be decompressed at once. Each holds no more than <see cref="MaxDecompressedBytes"/> and waits for nothing, so waiting for one is safe.</summary>
    private const int Decompressions = 2;

    public SpewNode(EventLog log, SpewOptions options, ILogger logger, SpewMetrics metrics, Authenticator? authenticator, TimeProvider clock)
    {
        Log = log;
        Options = options;
        Logger = logger;
        Metrics = metrics;
        Clock = clock;
        Authenticator = authenticator;
        MaxDecompressedBytes = (int)Math.Min(64 * 1024 * 1024, options.RequestMemoryBytes / 4);
        RequestMemory = new RequestMemory(options.RequestMemoryBytes - ((long)Decompressions * MaxDecompressedBytes), metrics.RequestMemoryChanged);
        FetchMemory = new RequestMemory(options.FetchMemoryBytes);
        Groups = new GroupCoordinator(log, options.Groups, clock, logger);
    }

    public EventLog Log { get; }

    public SpewOptions Options { get; }

    public ILogger Logger { get; }

    public SpewMetrics Metrics { get; }

    public TimeProvider Clock { get; }

    /// <summary>Who may log in; null: everybody may do everything.</summary>
    public Authenticator? Authenticator { get; }

    /// <summary>Bytes of requests that are being read or served.</summary>
    public RequestMemory RequestMemory { get; }

    /// <summary>Bytes of batches that are read and not yet sent.</summary>
    public RequestMemory FetchMemory { get; }

    /// <summary>The consumer groups.</summary>
    public GroupCoordinator Groups { get; }

    /// <summary>Most bytes that the records of one batch may have.</summary>
    public int MaxDecompressedBytes { get; }

    /// <summary>Held while a batch is decompressed.</summary>
    public SemaphoreSlim DecompressionGate { get; } = new(Decompressions);
}
