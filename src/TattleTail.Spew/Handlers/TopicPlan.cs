using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>What a request to create a topic asks for, checked as far as it can be without creating it.</summary>
internal sealed record TopicPlan(string Name, int Partitions, ChannelConfig Config)
{
    private const int MostAssignments = 10_000;

    /// <summary>Checks a request in Kafka's order; gives the plan, or null and what is wrong.</summary>
    public static TopicPlan? Make(Exchange exchange, CreatableTopic topic, out ErrorCode error, out string? message)
    {
        SpewNode node = exchange.Node;
        if (ChannelName.Fault(topic.Name) is { } nameFault)
        {
            return Refuse(ErrorCode.InvalidTopic, nameFault, out error, out message);
        }

        if (ChannelLookup.IsReserved(topic.Name))
        {
            return Refuse(ErrorCode.InvalidTopic, $"Names that begin with {ChannelLookup.ReservedPrefix} are the node's own.", out error, out message);
        }

        if (!exchange.Visit.MayWrite(topic.Name))
        {
            return Refuse(ErrorCode.TopicAuthorizationFailed, TopicRefusal.NotAuthorized, out error, out message);
        }

        if (node.Log.Find(topic.Name) is not null)
        {
            return Refuse(ErrorCode.TopicAlreadyExists, $"Topic '{topic.Name}' already exists.", out error, out message);
        }

        (error, message) = topic.Assignments.Length > 0 ? CheckAssignments(node, topic) : CheckCounts(topic);
        if (error != ErrorCode.None)
        {
            return null;
        }

        (ChannelConfig config, string? fault) = TopicConfig.Apply(node.Log.DefaultConfig, topic.Configs);
        if (fault is not null)
        {
            return Refuse(ErrorCode.InvalidConfig, fault, out error, out message);
        }

        int partitions = topic.Assignments.Length > 0 ? topic.Assignments.Length : topic.NumPartitions == -1 ? node.Options.DefaultPartitions : topic.NumPartitions;
        return new TopicPlan(topic.Name, partitions, config);
    }

    private static (ErrorCode Error, string? Message) CheckCounts(CreatableTopic topic)
    {
        if (topic.NumPartitions is 0 or < -1)
        {
            return (ErrorCode.InvalidPartitions, "Number of partitions was set to an invalid non-positive value.");
        }

        return topic.ReplicationFactor is 1 or -1
            ? (ErrorCode.None, null)
            : (ErrorCode.InvalidReplicationFactor, $"Replication factor {topic.ReplicationFactor} can't be met: there is one node.");
    }

    private static (ErrorCode Error, string? Message) CheckAssignments(SpewNode node, CreatableTopic topic)
    {
        if (topic.NumPartitions != -1 || topic.ReplicationFactor != -1)
        {
            return (ErrorCode.InvalidRequest, "Manual assignments leave the numbers of partitions and replicas at -1.");
        }

        if (topic.Assignments.Length > MostAssignments)
        {
            return (ErrorCode.InvalidPartitions, $"More than {MostAssignments} partitions.");
        }

        bool[] seen = new bool[topic.Assignments.Length];
        foreach (CreatableReplicaAssignment assignment in topic.Assignments)
        {
            if ((uint)assignment.PartitionIndex >= (uint)seen.Length || seen[assignment.PartitionIndex])
            {
                return (ErrorCode.InvalidReplicaAssignment, "The partitions are not consecutive from 0.");
            }

            seen[assignment.PartitionIndex] = true;
            if (assignment.BrokerIds is not [int broker] || broker != node.Options.NodeId)
            {
                return (ErrorCode.InvalidReplicaAssignment, $"Each partition has one replica, on node {node.Options.NodeId}.");
            }
        }

        return (ErrorCode.None, null);
    }

    private static TopicPlan? Refuse(ErrorCode code, string why, out ErrorCode error, out string? message)
    {
        error = code;
        message = why;
        return null;
    }
}
