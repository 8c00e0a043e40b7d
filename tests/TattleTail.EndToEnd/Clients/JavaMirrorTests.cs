using Confluent.Kafka;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Kafka's MirrorMaker 2, a Kafka Connect of its own, from one node to another.</summary>
public sealed class JavaMirrorTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private const string Reader = "mirrored-reader";

    [Fact]
    public async Task MirrorMaker_MirrorsEventsAndOffsets_AndGoesOnAfterAStop()
    {
        JavaTool.SkipUnlessThere("connect-mirror");
        SpewTestNode source = nodes.Node(throughArchive: true);
        SpewTestNode target = nodes.Node(throughArchive: false);
        Channel original = await nodes.CreateAsync(throughArchive: true, "mirrored");
        List<Event> events = ClientEvents.OfEveryKind(50);
        await source.Log.AppendEventsAsync(original.Partitions[0], events);
        string folder = Directory.CreateTempSubdirectory("tattletail-mirror-").FullName;
        string file = Path.Combine(folder, "mirror.properties");
        await File.WriteAllLinesAsync(file, [
            "clusters=A,B", $"A.bootstrap.servers={source.Bootstrap}", $"B.bootstrap.servers={target.Bootstrap}",
            "A->B.enabled=true", "B->A.enabled=false", $"A->B.topics={original.Name}", $"A->B.groups={Reader}", "sync.group.offsets.enabled=true",
            "replication.factor=1", "checkpoints.topic.replication.factor=1", "heartbeats.topic.replication.factor=1", "offset-syncs.topic.replication.factor=1",
            "offset.storage.replication.factor=1", "status.storage.replication.factor=1", "config.storage.replication.factor=1",
            "emit.heartbeats.interval.seconds=1", "emit.checkpoints.interval.seconds=1", "sync.group.offsets.interval.seconds=1", "refresh.topics.interval.seconds=1", "refresh.groups.interval.seconds=1",
            "offset.lag.max=0", "offset.flush.interval.ms=500", "plugin.discovery=service_load"]);

        await using (JavaProgram first = Start(file))
        {
            await first.UntilAsync(() => Mirrored()?.HighWatermark == events.Count, "all events were mirrored");
            Commit(source, original, events.Count);
            await first.UntilAsync(async () => (await target.Log.Groups.CommitsAsync(Reader)).Any(commit => commit.Partition == Mirrored() && commit.Offset == events.Count), "the reader's offset was translated");
            await first.UntilAsync(() => target.Log.Find("heartbeats")?.Partitions[0].HighWatermark > 0, "its heart beat");
            await first.StopAsync();
        }

        Assert.All(
            (string[])["mm2-configs.A.internal", "mm2-offsets.A.internal", "mm2-status.A.internal", "A.checkpoints.internal"],
            name => Assert.Equal("compact", target.Log.Find(name)!.Config.CleanupPolicy));

        await source.Log.AppendEventsAsync(original.Partitions[0], [ClientEvents.Text("later", 99)]);
        await using JavaProgram second = Start(file);
        await second.UntilAsync(() => Mirrored()!.HighWatermark > events.Count, "what came later was mirrored");
        await second.StopAsync();

        events.Add(ClientEvents.Text("later", 99));
        Assert.Equal(events.Select(Describe), (await target.ReadAllAsync(Mirrored()!)).Events.Select(Describe));
        Directory.Delete(folder, recursive: true);

        LogPartition? Mirrored() => target.Log.Find("A." + original.Name)?.Partitions[0];
    }

    private static JavaProgram Start(string file) => new("org.apache.kafka.connect.mirror.MirrorMaker", file);

    private static void Commit(SpewTestNode node, Channel channel, long offset)
    {
        using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = node.Bootstrap, GroupId = Reader }).Build();
        consumer.Commit([new TopicPartitionOffset(channel.Name, 0, offset)]);
    }

    private static string Describe(Event e) => e.ToJson().Describe();
}
