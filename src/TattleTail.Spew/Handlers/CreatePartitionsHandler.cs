using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Gives channels more partitions.</summary>
internal static class CreatePartitionsHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        CreatePartitionsRequest request = exchange.Read<CreatePartitionsRequest>();
        List<IGrouping<string, CreatePartitionsTopic>> byName = [.. request.Topics.GroupBy(topic => topic.Name, StringComparer.Ordinal)];
        var results = new CreatePartitionsTopicResult[byName.Count];
        for (int i = 0; i < results.Length; i++)
        {
            (ErrorCode error, string? message) = byName[i].Count() > 1
                ? (ErrorCode.InvalidRequest, "Duplicate topic name.")
                : await AddAsync(exchange, byName[i].First(), request.ValidateOnly);
            results[i] = new CreatePartitionsTopicResult { Name = byName[i].Key, ErrorCode = exchange.Code(error), ErrorMessage = message };
        }

        exchange.Write(new CreatePartitionsResponse { Results = results });
    }

    private static async ValueTask<(ErrorCode Error, string? Message)> AddAsync(Exchange exchange, CreatePartitionsTopic topic, bool validateOnly)
    {
        if (ChannelLookup.FindWritable(exchange, topic.Name, out ErrorCode error, out string? message) is not { } channel)
        {
            return (error, message);
        }

        int present = channel.Partitions.Count;
        if (topic.Count <= present)
        {
            return (ErrorCode.InvalidPartitions, topic.Count == present
                ? $"Topic already has {present} partition(s)."
                : $"The topic {topic.Name} currently has {present} partition(s); {topic.Count} would not be an increase.");
        }

        if (topic.Assignments is { } assignments
            && (assignments.Length != topic.Count - present || assignments.Any(a => a.BrokerIds is not [int broker] || broker != exchange.Node.Options.NodeId)))
        {
            return (ErrorCode.InvalidReplicaAssignment, $"Each new partition has one replica, on node {exchange.Node.Options.NodeId}.");
        }

        if (validateOnly)
        {
            return (ErrorCode.None, null);
        }

        try
        {
            await exchange.Node.Log.AddPartitionsAsync(channel, topic.Count);
            return (ErrorCode.None, null);
        }
        catch (ChannelException fault)
        {
            return (fault.Fault == ChannelFault.NotFound ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidPartitions, fault.Message);
        }
        catch (LogUnavailableException fault)
        {
            return (ErrorCode.RequestTimedOut, fault.Message);
        }
    }
}
