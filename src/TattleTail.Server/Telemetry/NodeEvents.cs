using System.Net;
using Microsoft.Extensions.Logging;

namespace TattleTail.Server.Telemetry;

/// <summary>What a node tells operators of its life, its journal and its archive.</summary>
internal static partial class NodeEvents
{
    [LoggerMessage(6001, LogLevel.Information, "TattleTail {Version} serves {DataFolder}: Kafka at {Kafka}, HTTP at {Http}")]
    public static partial void Started(ILogger logger, string version, string dataFolder, string kafka, string http);

    [LoggerMessage(6002, LogLevel.Information, "Stopping: requests may end, what was accepted becomes durable")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(6003, LogLevel.Information, "Stopped")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(6004, LogLevel.Information, "Recovered the journal: {Report}")]
    public static partial void Recovered(ILogger logger, string report);

    [LoggerMessage(6011, LogLevel.Error, "Segment {Segment} of the journal is damaged from {From} to {To}: {Reason}; it is kept aside, and the gap is recorded in the ledger")]
    public static partial void Damaged(ILogger logger, long segment, long from, long to, string reason);

    [LoggerMessage(6012, LogLevel.Warning, "The journal's folder holds {File}, which is not the journal's: left alone")]
    public static partial void ForeignFile(ILogger logger, string file);

    [LoggerMessage(6005, LogLevel.Warning, "Listening beyond loopback on {Address} without authentication, as --insecure allows: whoever reaches it may read and write everything")]
    public static partial void Exposed(ILogger logger, string address);

    [LoggerMessage(6006, LogLevel.Critical, "The journal acknowledges nothing any more: {Reason}")]
    public static partial void JournalFaulted(ILogger logger, string reason);

    [LoggerMessage(6007, LogLevel.Warning, "The journal acknowledges again: {Report}")]
    public static partial void JournalReopened(ILogger logger, string report);

    [LoggerMessage(6008, LogLevel.Information, "Sealed {Events} events into {Files} files of {Bytes} bytes as version {Version} in {Seconds:F1} s")]
    public static partial void Sealed(ILogger logger, long events, int files, long bytes, long version, double seconds);

    [LoggerMessage(6009, LogLevel.Error, "Sealing failed and will be tried again: {Reason}")]
    public static partial void SealFailed(ILogger logger, string reason);

    [LoggerMessage(6010, LogLevel.Debug, "Removed {Segments} journal segments of {Bytes} bytes after archiving")]
    public static partial void Trimmed(ILogger logger, int segments, long bytes);

    [LoggerMessage(6013, LogLevel.Warning, "Did not accept the connection from {Remote}: there are {Most} (maxConnections)")]
    public static partial void ConnectionNotAccepted(ILogger logger, EndPoint? remote, int most);
}
