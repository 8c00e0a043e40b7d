using System.Globalization;
using TattleTail.Fuzz.Making;
using TattleTail.Spew;
using TattleTail.Spew.Protocol;
using TattleTail.Spew.Tests;

namespace TattleTail.Fuzz.Targets;

/// <summary>
/// A real node to which some clients send damaged frames, whole ones in a wrong order, and bytes that are none, while a producer and a consumer go on beside them. These two must not notice, no request may fail
/// for a reason of the node's own, and when the others are gone they hold nothing.
/// </summary>
internal sealed class ConnectionTarget : FuzzTarget
{
    private const string Channel = "healthy";
    private const int Rounds = 4;
    private const int HostileClients = 5;

    /// <inheritdoc />
    public override string Run(int seed)
    {
        RunAsync(new Random(seed)).GetAwaiter().GetResult();
        return "unharmed";
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        // A case keeps nothing.
    }

    private static async Task RunAsync(Random random)
    {
        await using SpewTestNode node = await SpewTestNode.StartAsync(new SpewOptions { RequestMemoryBytes = 64 << 20, MaxRequestBytes = 8 << 20 });
        await WithinPatienceAsync(ServeAsync(node, random));
        if (node.Lines.Lines.FirstOrDefault(line => line.Contains("serving its request failed", StringComparison.Ordinal)) is { } line)
        {
            throw new OracleException(line);
        }

        await HoldsAsync(() => node.RequestMemory.Out == 0 && node.FetchMemory.Out == 0, "memory of connections that are gone was not given back");
    }

    private static async Task ServeAsync(SpewTestNode node, Random random)
    {
        using KafkaSocket producer = await KafkaSocket.ConnectAsync(node.Port);
        using KafkaSocket consumer = await KafkaSocket.ConnectAsync(node.Port);
        await producer.CreateAsync(false, [KafkaSocketCalls.Topic(Channel), .. Words.Channels.Select(name => KafkaSocketCalls.Topic(name))]);
        long offset = 0;
        for (int round = 0; round < Rounds; round++)
        {
            Task[] hostile = [.. Enumerable.Range(0, HostileClients).Select(_ => HostileClient.RunAsync(node.Port, new Random(random.Next())))];
            int sends = random.Next(1, 6);
            for (int i = 0; i < sends; i++)
            {
                await SendAndTakeAsync(producer, consumer, offset++);
            }

            await Task.WhenAll(hostile);
            await SendAndTakeAsync(producer, consumer, offset++);
        }

        await TakeAllAsync(node, offset);
    }

    private static async Task SendAndTakeAsync(KafkaSocket producer, KafkaSocket consumer, long offset)
    {
        var sent = await producer.ProduceAsync(Channel, 0, Batches.Of(Body(offset)));
        Require(sent.Error() == ErrorCode.None && sent.BaseOffset == offset, $"the producer was answered {sent.Error()} and offset {sent.BaseOffset} for its event {offset}");
        var taken = await consumer.FetchAsync(Channel, 0, offset, maxWaitMs: 10_000);
        Require(taken.Error() == ErrorCode.None, $"the consumer was answered {taken.Error()} at offset {offset}");
        RequireEvent(taken.Events(), 0, offset);
    }

    /// <summary>A consumer that comes afterwards finds each event, once and in order.</summary>
    private static async Task TakeAllAsync(SpewTestNode node, long end)
    {
        using KafkaSocket consumer = await KafkaSocket.ConnectAsync(node.Port);
        for (long offset = 0; offset < end;)
        {
            var taken = await consumer.FetchAsync(Channel, 0, offset, maxWaitMs: 10_000);
            Require(taken.Error() == ErrorCode.None && taken.Records.Count > 0, $"a later consumer was answered {taken.Error()} at offset {offset}");
            foreach (var batch in taken.Records.Batches.Take(taken.Records.Count))
            {
                List<(long, string)> events = Batches.Read(batch.Batch.Span);
                for (int i = 0; i < events.Count; i++)
                {
                    RequireEvent(events, i, offset++);
                }
            }
        }
    }

    private static void RequireEvent(List<(long Offset, string Body)> events, int index, long offset) =>
        Require(index < events.Count && events[index] == (offset, Body(offset)), $"instead of event {offset} came {(index < events.Count ? events[index] : "nothing")}");

    private static string Body(long offset) => string.Create(CultureInfo.InvariantCulture, $"event {offset}");

    private static async Task WithinPatienceAsync(Task serving)
    {
        try
        {
            await serving;
        }
        catch (OperationCanceledException)
        {
            throw new OracleException("a client that does nothing wrong waited in vain for its answer");
        }
        catch (EndOfStreamException gone)
        {
            throw new OracleException($"a client that does nothing wrong was cut off: {gone.Message}");
        }
    }

    private static async Task HoldsAsync(Func<bool> condition, string otherwise)
    {
        DateTime deadline = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Require(DateTime.UtcNow < deadline, otherwise);
            await Task.Delay(5);
        }
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new OracleException(what);
        }
    }
}
