using TattleTail.Spew.Protocol.Messages;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Comparison;

/// <summary>Ids and sequences of idempotent producers.</summary>
internal static class SequenceScript
{
    private const string Topic = "sequences";
    private const long Time = 1_700_000_000_000;

    public static async Task RunAsync(Conversation broker)
    {
        await broker.CreateAsync(Topic, 3);
        // Kafka first fetches ids from its controller.
        await broker.UntilAsync<InitProducerIdRequest, InitProducerIdResponse>(5, new InitProducerIdRequest { ProducerId = -1, ProducerEpoch = -1 }, response => response.ErrorCode != 14);
        await InitAsync(broker, "producer id", new InitProducerIdRequest { ProducerId = -1, ProducerEpoch = -1 });
        await InitAsync(broker, "producer id, with another's id", new InitProducerIdRequest { ProducerId = 123_456, ProducerEpoch = 1 });
        await InitAsync(broker, "producer id, half an id", new InitProducerIdRequest { ProducerId = 123_456, ProducerEpoch = -1 });
        await InitAsync(broker, "producer id, empty transactional id", new InitProducerIdRequest { TransactionalId = "", TransactionTimeoutMs = 10_000, ProducerId = -1, ProducerEpoch = -1 });
        InitProducerIdResponse own = await broker.SendAsync<InitProducerIdRequest, InitProducerIdResponse>(5, new InitProducerIdRequest { ProducerId = -1, ProducerEpoch = -1 });
        await InitAsync(broker, "producer id, once more", new InitProducerIdRequest { ProducerId = own.ProducerId, ProducerEpoch = own.ProducerEpoch });
        InitProducerIdResponse fresh = await broker.SendAsync<InitProducerIdRequest, InitProducerIdResponse>(5, new InitProducerIdRequest { ProducerId = -1, ProducerEpoch = -1 });
        await SendAsync(broker, fresh.ProducerId);
        await FetchScript.FetchAsync(broker, "what was produced in sequence", Topic, 0);
        await FetchScript.FetchAsync(broker, "what was produced by an unknown producer", Topic, 1);
    }

    /// <summary>Last of all, as only one of the brokers gives an id.</summary>
    public static async Task TransactionAsync(Conversation broker)
    {
        var request = new InitProducerIdRequest { TransactionalId = "transaction", TransactionTimeoutMs = 10_000, ProducerId = -1, ProducerEpoch = -1 };
        await broker.UntilAsync<InitProducerIdRequest, InitProducerIdResponse>(5, request, response => response.ErrorCode is not (14 or 15 or 16));
        await InitAsync(broker, "producer id, transactional", request);
    }

    private static async Task SendAsync(Conversation broker, long id)
    {
        (string Step, short Epoch, int Sequence)[] steps =
        [
            ("first", 0, 0), ("second", 0, 2), ("first again", 0, 0), ("gap", 0, 5), ("within", 0, 1), ("third", 0, 4), ("fourth", 0, 6), ("fifth", 0, 8), ("sixth", 0, 10), ("seventh", 0, 12),
            ("first, long past", 0, 0), ("next epoch, not from 0", 1, 5), ("next epoch", 1, 0), ("last epoch", 0, 14), ("next epoch again", 1, 0), ("epoch, but no sequence", 1, -1), ("no epoch", -1, 2),
        ];
        foreach ((string step, short epoch, int sequence) in steps)
        {
            await SendAsync(broker, $"sequence: {step}", 0, Batches.Of(Time, id, epoch, sequence, "a", "b"));
        }

        await SendAsync(broker, "sequence: unknown producer from 5", 1, Batches.Of(Time, id + 500, 0, 5, "a"));
        await SendAsync(broker, "sequence: unknown producer goes on", 1, Batches.Of(Time, id + 500, 0, 6, "b"));
        await SendAsync(broker, "sequence: largest", 2, Batches.Of(Time, id + 501, 0, int.MaxValue, "a", "b"));
        await SendAsync(broker, "sequence: after the largest", 2, Batches.Of(Time, id + 501, 0, 1, "c"));
    }

    private static Task<InitProducerIdResponse> InitAsync(Conversation broker, string step, InitProducerIdRequest request) => broker.AskAsync<InitProducerIdRequest, InitProducerIdResponse>(step, 5, request);

    private static Task<ProduceResponse> SendAsync(Conversation broker, string step, int partition, byte[] batch) =>
        broker.AskAsync<ProduceRequest, ProduceResponse>(step, 11, KafkaSocketCalls.ProduceRequest(Topic, partition, batch, -1));
}
