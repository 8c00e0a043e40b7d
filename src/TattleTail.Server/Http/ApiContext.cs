using Microsoft.Extensions.Logging;
using TattleTail.Log;
using TattleTail.Server.Configuration;
using TattleTail.Server.Http.Publishing;

namespace TattleTail.Server.Http;

/// <summary>What the endpoints share.</summary>
/// <param name="Log">The log.</param>
/// <param name="Config">The settings.</param>
/// <param name="Clock">The clock.</param>
/// <param name="Logger">For the API's log lines.</param>
/// <param name="Memory">Bytes of bodies that are held.</param>
/// <param name="Stopping">Cancelled when the node stops: what would not end by itself should end.</param>
internal sealed record ApiContext(EventLog Log, NodeConfig Config, TimeProvider Clock, ILogger Logger, BodyMemory Memory, CancellationToken Stopping)
{
    private int _turn;

    /// <summary>CloudEvents that were recorded not long ago.</summary>
    public RecentCloudEvents Recent { get; } = new(Log, Config.DedupeWindow, Clock);

    /// <summary>Milliseconds since 1970 UTC.</summary>
    public long NowMillis => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>A number that rises with each call, to take turns by.</summary>
    public uint NextTurn() => (uint)Interlocked.Increment(ref _turn);
}
