using TattleTail.Log;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Protocol.Messages;

namespace TattleTail.Spew.Handlers;

/// <summary>
/// Appends batches. All of a request are checked one after the other and appended together; the answer goes out when the last is durable, and meanwhile the producer's next request is taken. The
/// batches lie in the request's frame, which is the log's until then.
/// </summary>
internal static class ProduceHandler
{
    public static async ValueTask HandleAsync(Exchange exchange)
    {
        ProduceRequest request = exchange.Read<ProduceRequest>();
        var topics = new ProduceTopicResponse[request.TopicData.Length];
        var pending = new List<PendingAppend>();
        try
        {
            for (int t = 0; t < topics.Length; t++)
            {
                ProduceTopic topic = request.TopicData[t];
                var partitions = new ProducePartitionResponse[topic.PartitionData.Length];
                topics[t] = new ProduceTopicResponse { Name = topic.Name, PartitionResponses = partitions };
                (Channel? channel, ErrorCode error) = await FindAsync(exchange, request, topic.Name);
                for (int p = 0; p < partitions.Length; p++)
                {
                    ProducePartition data = topic.PartitionData[p];
                    LogPartition? partition = ChannelLookup.Partition(channel, data.Index);
                    (ErrorCode fault, string? reason) = error != ErrorCode.None ? (error, null)
                        : partition is null ? (ErrorCode.UnknownTopicOrPartition, null)
                        : request.Acks is not (-1 or 0 or 1) ? (ErrorCode.InvalidRequiredAcks, null)
                        : await BatchAdmission.CheckAsync(exchange, partition, data.Records);
                    if (fault == ErrorCode.None)
                    {
                        pending.Add(new PendingAppend(t, p, AppendAsync(exchange, partition!, data.Records!.Value)));
                    }
                    else
                    {
                        partitions[p] = Failed(exchange, data.Index, fault, reason);
                    }
                }
            }
        }
        catch
        {
            // The frame must outlive every append, whatever else went wrong.
            await Task.WhenAll(pending.Select(append => append.Result));
            throw;
        }

        exchange.AnswerAfter(AnswerAsync(exchange, request.Acks, topics, pending));
    }

    private static async Task AnswerAsync(Exchange exchange, short acks, ProduceTopicResponse[] topics, List<PendingAppend> pending)
    {
        await Task.WhenAll(pending.Select(append => append.Result));
        foreach (PendingAppend append in pending)
        {
            topics[append.Topic].PartitionResponses[append.Partition] = await append.Result;
        }

        if (acks == 0)
        {
            AnswerNothing(exchange, topics);
            return;
        }

        exchange.Write(new ProduceResponse { Responses = topics });
    }

    private static async ValueTask<(Channel? Channel, ErrorCode Error)> FindAsync(Exchange exchange, ProduceRequest request, string name)
    {
        if (request.TransactionalId is not null)
        {
            return (null, ErrorCode.TransactionalIdAuthorizationFailed);
        }

        if (!exchange.Visit.MayWrite(name))
        {
            return (null, ErrorCode.TopicAuthorizationFailed);
        }

        (Channel? channel, ErrorCode error) = await ChannelLookup.FindOrCreateAsync(exchange, name, create: true);
        return channel is not null && !ChannelLookup.IsWritable(channel) ? (null, ErrorCode.TopicAuthorizationFailed) : (channel, error);
    }

    private static async Task<ProducePartitionResponse> AppendAsync(Exchange exchange, LogPartition partition, Memory<byte> batch)
    {
        try
        {
            AppendResult result = await exchange.Node.Log.AppendBatchAsync(partition, batch);
            ErrorCode error = Error(result.Status);
            return error != ErrorCode.None ? Failed(exchange, partition.Index, error, null) : new ProducePartitionResponse
            {
                Index = partition.Index,
                BaseOffset = result.BaseOffset,
                LogAppendTimeMs = result.LogAppendTime,
                LogStartOffset = partition.StartOffset,
                RecordErrors = [],
            };
        }
        catch (LogUnavailableException fault)
        {
            // Whether the batch is recorded is unknown. Java and librdkafka retry after this code, and librdkafka alone takes it for "possibly persisted", as
            // it does not for KAFKA_STORAGE_ERROR; an idempotent producer's retry is then deduplicated.
            return Failed(exchange, partition.Index, ErrorCode.RequestTimedOut, fault.Message);
        }
    }

    private static ErrorCode Error(AppendStatus status) => status switch
    {
        AppendStatus.Appended or AppendStatus.Duplicate => ErrorCode.None,
        AppendStatus.OutOfOrderSequence => ErrorCode.OutOfOrderSequenceNumber,
        AppendStatus.InvalidProducerEpoch => ErrorCode.InvalidProducerEpoch,
        AppendStatus.TooLarge => ErrorCode.MessageTooLarge,
        AppendStatus.InvalidTimestamp => ErrorCode.InvalidTimestamp,
        AppendStatus.Closed => ErrorCode.UnknownTopicOrPartition,
        _ => throw new InvalidOperationException($"The log answered an append with {status}."),
    };

    private static ProducePartitionResponse Failed(Exchange exchange, int index, ErrorCode error, string? reason) => new()
    {
        Index = index,
        ErrorCode = exchange.Code(error),
        BaseOffset = -1,
        LogAppendTimeMs = -1,
        LogStartOffset = -1,
        RecordErrors = [],
        ErrorMessage = reason,
    };

    /// <summary>With acks 0 no answer is expected; a failure can only be told by closing the connection, as Kafka does.</summary>
    private static void AnswerNothing(Exchange exchange, ProduceTopicResponse[] topics)
    {
        exchange.StaySilent();
        foreach (ProduceTopicResponse topic in topics)
        {
            foreach (ProducePartitionResponse partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode != 0)
                {
                    SpewEvents.UnansweredProduceFailed(
                        exchange.Node.Logger, ((ErrorCode)partition.ErrorCode).ToString(), topic.Name, partition.Index, partition.ErrorMessage ?? "no more is known");
                    exchange.Close();
                    return;
                }
            }
        }
    }

    private readonly record struct PendingAppend(int Topic, int Partition, Task<ProducePartitionResponse> Result);
}
