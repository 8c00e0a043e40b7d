using System.Globalization;

namespace TattleTail.Bench.Load;

/// <summary>What a node costs that has 10,000 partitions with an event each and 2,000 connections that do nothing.</summary>
internal static class IdleBenchmark
{
    private const int Channels = 10;
    private const int Partitions = 1_000;
    private const int Connections = 2_000;
    private const int Producers = 64;

    public static async Task RunAsync(TextWriter output)
    {
        await using var node = new NodeUnderTest();
        await node.StartAsync();
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"an empty node: {node.ResidentBytes / 1e6:N0} MB"));
        for (int channel = 0; channel < Channels; channel++)
        {
            await RawRequests.CreateAsync(node.Bootstrap, $"idle-{channel}", Partitions);
            await Task.WhenAll(Enumerable.Range(0, Producers).Select(c => ProduceAsync(node.Bootstrap, $"idle-{channel}", c)));
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"with {Channels * Partitions:N0} partitions: {node.ResidentBytes / 1e6:N0} MB"));
        var connections = new List<RawConnection>();
        for (int i = 0; i < Connections; i++)
        {
            connections.Add(await RawConnection.OpenAsync(node.Bootstrap));
            await RawRequests.FetchAsync(connections[i], $"idle-{i % Channels}", [i % Partitions], [], 1024, maxWaitMs: 0);
        }

        TimeSpan before = node.ProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(10));
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"and {Connections:N0} connections: {node.ResidentBytes / 1e6:N0} MB (goal: below 1,000), {(node.ProcessorTime - before).TotalMilliseconds / 100:N1} % of a processor"));
        connections.ForEach(connection => connection.Dispose());
    }

    private static async Task ProduceAsync(string bootstrap, string channel, int producer)
    {
        using RawConnection connection = await RawConnection.OpenAsync(bootstrap);
        byte[] batch = BenchmarkEvents.Batch(1);
        for (int partition = producer; partition < Partitions; partition += Producers)
        {
            await connection.SendAsync(RawRequests.Produce(channel, partition, batch));
            await RawRequests.ProducedAsync(connection);
        }
    }
}
