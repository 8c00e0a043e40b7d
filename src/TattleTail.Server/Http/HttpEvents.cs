using Microsoft.Extensions.Logging;

namespace TattleTail.Server.Http;

/// <summary>What the HTTP API tells operators.</summary>
internal static partial class HttpEvents
{
    [LoggerMessage(6101, LogLevel.Debug, "{Method} {Path}: the client went away")]
    public static partial void ClientLeft(ILogger logger, string method, string path);

    [LoggerMessage(6102, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(ILogger logger, Exception fault, string method, string path);

    [LoggerMessage(6103, LogLevel.Warning, "Broke off the answer to {Method} {Path}: {Reason}")]
    public static partial void AnswerBrokenOff(ILogger logger, string method, string path, string reason);

    [LoggerMessage(6104, LogLevel.Information, "Created channel {Channel} with {Partitions} partitions for a client")]
    public static partial void ChannelCreated(ILogger logger, string channel, int partitions);
}
