using System.Net;
using Microsoft.Extensions.Logging;

namespace TattleTail.Spew;

/// <summary>What the endpoint tells operators.</summary>
internal static partial class SpewEvents
{
    [LoggerMessage(5001, LogLevel.Warning, "Closed the Kafka connection from {Remote}: {What}")]
    public static partial void ConnectionRefused(ILogger logger, EndPoint? remote, string what);

    [LoggerMessage(5002, LogLevel.Debug, "Lost the Kafka connection from {Remote}: the client {What}")]
    public static partial void ConnectionLost(ILogger logger, EndPoint? remote, string what);

    [LoggerMessage(5003, LogLevel.Error, "Closed the Kafka connection from {Remote}: serving its request failed")]
    public static partial void RequestFailed(ILogger logger, Exception fault, EndPoint? remote);

    [LoggerMessage(5004, LogLevel.Warning, "Could not read {Channel}/{Partition} at offset {Offset} for a consumer")]
    public static partial void ReadFailed(ILogger logger, Exception fault, string channel, int partition, long offset);

    [LoggerMessage(5005, LogLevel.Warning, "Refused to create channel {Channel}: {Reason}")]
    public static partial void ChannelRefused(ILogger logger, string channel, string reason);

    [LoggerMessage(5006, LogLevel.Information, "Created channel {Channel} with {Partitions} partitions for a client")]
    public static partial void ChannelCreated(ILogger logger, string channel, int partitions);

    [LoggerMessage(5007, LogLevel.Warning, "Closed a Kafka connection whose producer waits for no answer: {Error} on {Channel}/{Partition}, {Reason}")]
    public static partial void UnansweredProduceFailed(ILogger logger, string error, string channel, int partition, string reason);

    [LoggerMessage(5008, LogLevel.Warning, "Could not save consumer group {Group}: {Reason}")]
    public static partial void GroupNotSaved(ILogger logger, string group, string reason);
}
