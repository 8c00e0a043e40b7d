using TattleTail.Log;
using TattleTail.Spew.Protocol;

namespace TattleTail.Spew.Handlers;

/// <summary>Why a topic is not to be had, in words; the first two are a Kafka broker's.</summary>
internal static class TopicRefusal
{
    public const string NotAuthorized = "Topic authorization failed.";
    public const string NotHosted = "This server does not host this topic-partition.";

    /// <summary>The words for what <see cref="ChannelLookup"/> finds.</summary>
    public static string? Of(ErrorCode error) => error switch
    {
        ErrorCode.TopicAuthorizationFailed => NotAuthorized,
        ErrorCode.UnknownTopicOrPartition => NotHosted,
        _ => null,
    };

    /// <summary>It is not the embedded broker's, and not to be changed.</summary>
    public static string BelongsTo(Channel channel) => $"The topic belongs to {channel.Source}.";
}
