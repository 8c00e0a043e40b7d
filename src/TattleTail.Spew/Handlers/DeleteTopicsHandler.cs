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
        var results = new List<DeletableTopicResult>();
        foreach (IGrouping<(string?, Guid), DeleteTopicState> same in topics.GroupBy(topic => Meant(exchange, topic)).ToList())
        {
            DeleteTopicState topic = same.First();
            results.Add(same.Count() == 1
                ? await DeleteAsync(exchange, topic)
                : Result(exchange, Both(same), ErrorCode.InvalidRequest, "The topic stands in the request twice."));
        }

        exchange.Write(new DeleteTopicsResponse { Responses = [.. results] });
    }

    /// <summary>The topic that is named, by its name or its id. What is named twice is not deleted, as in Kafka.</summary>
    private static (string?, Guid) Meant(Exchange exchange, DeleteTopicState topic) =>
        topic.Name is null && exchange.Node.Log.Find(topic.TopicId) is { IsClosed: false } channel && exchange.Visit.Principal.MaySee(channel.Name) ? (channel.Name, default) : (topic.Name, topic.TopicId);

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

    private static DeleteTopicState Both(IEnumerable<DeleteTopicState> same) => new()
    {
        Name = same.Select(topic => topic.Name).FirstOrDefault(name => name is not null),
        TopicId = same.Select(topic => topic.TopicId).FirstOrDefault(id => id != Guid.Empty),
    };

    private static DeletableTopicResult Result(Exchange exchange, DeleteTopicState topic, ErrorCode error, string? message) =>
        new() { Name = topic.Name ?? (exchange.Version < 6 ? "" : null), TopicId = topic.TopicId, ErrorCode = exchange.Code(error), ErrorMessage = message };
}
