using Microsoft.AspNetCore.Http;
using TattleTail.Archive;
using TattleTail.Events;
using TattleTail.Journal;
using TattleTail.Log;
using TattleTail.Platform;
using TattleTail.Storage;

namespace TattleTail.Server.Http.Problems;

/// <summary>Which problem an exception of the rooms below is to the client of a request.</summary>
internal static class Problems
{
    /// <summary>The problem; null for an exception that nobody foresaw.</summary>
    public static ProblemException? Of(Exception e) => e switch
    {
        ProblemException problem => problem,
        InvalidEventException => new(400, "Not an event", e.Message, "send a CloudEvent 1.0 or an envelope; docs/http-api.md shows both", e),
        ChannelException channel => Of(channel),
        LogUnavailableException => new(503, "Nothing is recorded now", e.Message, "try again; GET /health/ready says what is wrong and what to do", e) { RetryAfterSeconds = 5 },
        BadHttpRequestException { StatusCode: 413 } => new(413, "The body is too large", e.Message, "send fewer events at once, or send NDJSON, which may be as long as you like", e),
        BadHttpRequestException bad => new(bad.StatusCode, "Not a request", e.Message, null, e),
        StoreException { Error: StoreError.Unavailable or StoreError.NoSpace } => new(503, "The archive can't be reached", e.Message, "try again; GET /health/ready says more", e) { RetryAfterSeconds = 10 },
        StoreException or ArchiveFormatException => new(500, "The archive is damaged or refuses", e.Message, "run 'tattletail archive verify'", e),
        FileSystemException or JournalDamagedException or JournalFormatException or InvalidDataException => new(500, "What was recorded can't be read", e.Message, "check the disk; run 'tattletail archive verify'", e),
        OperationCanceledException => new(503, "The node is stopping", "what was asked for was not finished", "ask again when the node has been started again", e) { RetryAfterSeconds = 10 },
        _ => null,
    };

    private static ProblemException Of(ChannelException e) => e.Fault switch
    {
        ChannelFault.Exists => new(409, "The channel exists", e.Message, "publish to it, or choose another name", e),
        ChannelFault.NotFound => new(404, "No such channel", e.Message, "GET /channels lists the channels", e),
        ChannelFault.TooMany => new(409, "Too many channels", e.Message, "raise maxChannels, or use fewer channels", e),
        ChannelFault.InvalidName => new(400, "Not a channel's name", e.Message, "choose another name", e),
        ChannelFault.InvalidPartitions => new(400, "A wrong number of partitions", e.Message, "choose another number", e),
        _ => new(409, "The channel is not to be written", e.Message, "choose another name", e),
    };
}
