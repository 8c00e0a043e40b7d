using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Creates channels with the settings that the log honours.</summary>
internal static class CreateTopicsHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        CreateTopicsRequest request = exchange.Read<CreateTopicsRequest>();
        // A name that stands in the request twice gets one answer, and nothing is created for it.
        List<IGrouping<string, CreatableTopic>> byName = [.. request.Topics.GroupBy(topic => topic.Name, StringComparer.Ordinal)];
        var results = new CreatableTopicResult[byName.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = byName[i].Count() > 1
                ? Failed(exchange, byName[i].Key, ErrorCode.InvalidRequest, "Duplicate topic name.")
                : await CreateAsync(exchange, byName[i].First(), request.ValidateOnly);
        }

        exchange.Write(new CreateTopicsResponse { Topics = results });
    }

    private static async ValueTask<CreatableTopicResult> CreateAsync(Exchange exchange, CreatableTopic topic, bool validateOnly)
    {
        if (TopicPlan.Make(exchange, topic, out ErrorCode error, out string? message) is not { } plan)
        {
            return Failed(exchange, topic.Name, error, message);
        }

        if (validateOnly)
        {
            return Succeeded(plan.Name, Guid.Empty, plan.Partitions, plan.Config);
        }

        try
        {
            Channel channel = await exchange.Node.Log.CreateChannelAsync(plan.Name, plan.Partitions, plan.Config);
            SpewEvents.ChannelCreated(exchange.Node.Logger, channel.Name, channel.Partitions.Count);
            return Succeeded(channel.Name, channel.TopicId, channel.Partitions.Count, channel.Config);
        }
        catch (ChannelException fault)
        {
            ErrorCode code = fault.Fault switch
            {
                ChannelFault.Exists => ErrorCode.TopicAlreadyExists,
                ChannelFault.InvalidName or ChannelFault.Reserved => ErrorCode.InvalidTopic,
                ChannelFault.InvalidPartitions => ErrorCode.InvalidPartitions,
                _ => ErrorCode.PolicyViolation,
            };
            SpewEvents.ChannelRefused(exchange.Node.Logger, plan.Name, fault.Message);
            return Failed(exchange, plan.Name, code, fault.Message);
        }
        catch (LogUnavailableException fault)
        {
            return Failed(exchange, plan.Name, ErrorCode.RequestTimedOut, fault.Message);
        }
    }

    private static CreatableTopicResult Succeeded(string name, Guid topicId, int partitions, ChannelConfig config) => new()
    {
        Name = name,
        TopicId = topicId,
        NumPartitions = partitions,
        ReplicationFactor = 1,
        Configs = TopicConfig.Describe(config),
    };

    private static CreatableTopicResult Failed(Exchange exchange, string name, ErrorCode error, string? message) =>
        new() { Name = name, ErrorCode = exchange.Code(error), ErrorMessage = message, NumPartitions = -1, ReplicationFactor = -1, Configs = [] };
}
