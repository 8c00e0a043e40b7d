using Microsoft.Extensions.Logging;

namespace TattleTail.Access;

/// <summary>The access log, and what operators should know of the users file.</summary>
internal static partial class AccessEvents
{
    [LoggerMessage(8001, LogLevel.Information, "{User} reads {Channel} via {Via} from {Remote}")]
    public static partial void Reads(ILogger logger, string user, string channel, string via, string? remote);

    [LoggerMessage(8002, LogLevel.Warning, "Refused {User} to {Action} {Channel} via {Via} from {Remote}")]
    public static partial void Refused(ILogger logger, string user, string action, string channel, string via, string? remote);

    [LoggerMessage(8003, LogLevel.Warning, "Login as {User} failed via {Via} from {Remote}")]
    public static partial void LoginFailed(ILogger logger, string user, string via, string? remote);

    [LoggerMessage(8004, LogLevel.Information, "Read {Path} again: {Users} users")]
    public static partial void UsersRead(ILogger logger, string path, int users);

    [LoggerMessage(8005, LogLevel.Error, "Could not read the users in {Path}, those of before stay: {Reason}")]
    public static partial void UsersNotRead(ILogger logger, string path, string reason);
}
