using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Closes channels: they are not served any more, and what they recorded stays in the archive.</summary>
internal static class DeleteTopicsHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        DeleteTopicsRequest request = exchange.Read<DeleteTopicsRequest>();
        DeleteTopicState[] topics = exchange.Version >= 6 ? request.Topics : [.. request.TopicNames.Select(name => new DeleteTopicState { Name = name })];
        var seen = new HashSet<(string?, Guid)>();
        var results = new DeletableTopicResult[topics.Length];
        for (int i = 0; i < topics.Length; i++)
        {
            results[i] = seen.Add((topics[i].Name, topics[i].TopicId))
                ? await DeleteAsync(exchange, topics[i])
                : Result(exchange, topics[i], ErrorCode.InvalidRequest, "The topic stands in the request twice.");
        }

        exchange.Write(new DeleteTopicsResponse { Responses = results });
    }

    private static async ValueTask<DeletableTopicResult> DeleteAsync(Exchange exchange, DeleteTopicState topic)
    {
        EventLog log = exchange.Node.Log;
        bool byId = topic.TopicId != Guid.Empty;
        if (byId == topic.Name is not null)
        {
            return Result(exchange, topic, ErrorCode.InvalidRequest, "A topic is named by either its name or its id.");
        }

        Channel? channel = byId ? log.Find(topic.TopicId) : log.Find(topic.Name!);
        string name = channel?.Name ?? topic.Name ?? "";
        bool mayWrite = (byId && channel is null) || exchange.Visit.MayWrite(name);

        // By its id, what may not be seen is not known.
        if (!mayWrite && (!byId || exchange.Visit.Principal.MaySee(name)))
        {
            return Result(exchange, topic, ErrorCode.TopicAuthorizationFailed, TopicRefusal.NotAuthorized);
        }

        if (!mayWrite || channel is null or { IsClosed: true })
        {
            return Result(exchange, topic, byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition, "There is no such topic.");
        }

        topic = new DeleteTopicState { Name = channel.Name, TopicId = channel.TopicId };
        if (!ChannelLookup.IsWritable(channel))
        {
            return Result(exchange, topic, ErrorCode.TopicAuthorizationFailed, TopicRefusal.BelongsTo(channel));
        }

        try
        {
            await log.CloseChannelAsync(channel);
            return Result(exchange, topic, ErrorCode.None, null);
        }
        catch (ChannelException fault) when (fault.Fault == ChannelFault.NotFound)
        {
            return Result(exchange, topic, ErrorCode.UnknownTopicOrPartition, fault.Message);
        }
        catch (LogUnavailableException fault)
        {
            return Result(exchange, topic, ErrorCode.RequestTimedOut, fault.Message);
        }
    }

    private static DeletableTopicResult Result(Exchange exchange, DeleteTopicState topic, ErrorCode error, string? message) =>
        new() { Name = topic.Name ?? (exchange.Version < 6 ? "" : null), TopicId = topic.TopicId, ErrorCode = exchange.Code(error), ErrorMessage = message };
}
