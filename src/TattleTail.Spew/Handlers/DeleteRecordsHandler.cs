using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>Moves the first offset served. Nothing is destroyed: who asks for it as such still reads what lies before.</summary>
internal static class DeleteRecordsHandler
{
    /// <summary>Stands for the high watermark.</summary>
    private const long All = -1;

    public static async ValueTask HandleAsync(Exchange exchange)
    {
        DeleteRecordsRequest request = exchange.Read<DeleteRecordsRequest>();
        var topics = new DeleteRecordsTopicResponse[request.Topics.Length];
        for (int t = 0; t < topics.Length; t++)
        {
            DeleteRecordsTopic topic = request.Topics[t];
            var partitions = new DeleteRecordsPartitionResponse[topic.Partitions.Length];
            for (int p = 0; p < partitions.Length; p++)
            {
                (long start, ErrorCode error) = await MoveAsync(exchange, topic.Name, topic.Partitions[p]);
                partitions[p] = new DeleteRecordsPartitionResponse { PartitionIndex = topic.Partitions[p].PartitionIndex, LowWatermark = start, ErrorCode = exchange.Code(error) };
            }

            topics[t] = new DeleteRecordsTopicResponse { Name = topic.Name, Partitions = partitions };
        }

        exchange.Write(new DeleteRecordsResponse { Topics = topics });
    }

    private static async ValueTask<(long Start, ErrorCode Error)> MoveAsync(Exchange exchange, string name, DeleteRecordsPartition asked)
    {
        if (ChannelLookup.FindWritable(exchange, name, out ErrorCode refused, out _) is not { } channel)
        {
            return (-1, refused);
        }

        if (ChannelLookup.Partition(channel, asked.PartitionIndex) is not { } partition)
        {
            return (-1, ErrorCode.UnknownTopicOrPartition);
        }

        // As Kafka: what is only compacted is not cut.
        if (!partition.Channel.Config.CleanupPolicy.Contains("delete", StringComparison.Ordinal))
        {
            return (-1, ErrorCode.PolicyViolation);
        }

        try
        {
            return (await exchange.Node.Log.MoveStartAsync(partition, asked.Offset == All ? partition.HighWatermark : asked.Offset), ErrorCode.None);
        }
        catch (OffsetOutOfRangeException)
        {
            return (-1, ErrorCode.OffsetOutOfRange);
        }
        catch (ChannelException)
        {
            return (-1, ErrorCode.UnknownTopicOrPartition);
        }
        catch (LogUnavailableException)
        {
            return (-1, ErrorCode.KafkaStorageError);
        }
    }
}
