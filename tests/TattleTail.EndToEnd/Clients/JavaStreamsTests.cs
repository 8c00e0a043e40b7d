using System.Text;
using Confluent.Kafka;
using TattleTail.Events;
using TattleTail.Log;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Kafka Streams (Scripts/NumbersByWord.java): repartition topics, changelogs and what becomes of them when the program dies.</summary>
public sealed class JavaStreamsTests(ClientNodes nodes) : IClassFixture<ClientNodes>
{
    private const int Words = 5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_KilledAndStartedWithoutItsState_GoesOnFromTheChangelog(bool throughArchive)
    {
        JavaTool.SkipUnlessThere("kafka-streams", compiles: true);
        await using Application application = await Application.CreateAsync(nodes, throughArchive);
        await application.ProduceAsync(0, 200);
        await using (JavaProgram first = application.Start())
        {
            await first.UntilAsync(async () => await application.HasWrittenAsync(200) && await application.HasCommittedAllAsync(), "all of 200 numbers were committed");
            await first.UntilAsync(() => application.Repartition.Partitions.All(partition => partition.StartOffset == partition.HighWatermark), "what was read again was purged");
            await first.KillAsync();
        }

        Assert.Equal(200, application.Repartition.Partitions.Sum(partition => partition.HighWatermark));
        Assert.Equal(("delete", -1), (application.Repartition.Config.CleanupPolicy, application.Repartition.Config.RetentionMs));
        Assert.Equal("compact", application.Changelog.Config.CleanupPolicy);
        Assert.All(application.Changelog.Partitions, partition => Assert.Equal(0, partition.StartOffset));

        await application.ProduceAsync(200, 100);
        await using JavaProgram second = application.Start();
        await second.UntilAsync(() => application.HasWrittenAsync(300), "all of 300 numbers were written");

        Assert.Contains(second.Lines, line => line.StartsWith("restored ", StringComparison.Ordinal) && line != "restored 0");
        Dictionary<string, List<int>> written = await application.WrittenAsync();
        Assert.Equal(Words, written.Count);
        Assert.All(written.Values, numbers => Assert.Equal(numbers.Distinct().Order(), numbers.Order()));
        await second.EndAsync();
    }

    [Fact]
    public async Task Streams_KilledAtWork_LosesNothing()
    {
        JavaTool.SkipUnlessThere("kafka-streams", compiles: true);
        await using Application application = await Application.CreateAsync(nodes, throughArchive: false);
        await application.ProduceAsync(0, 1000);
        await using (JavaProgram first = application.Start())
        {
            Task producing = application.ProduceAsync(1000, 1000);
            await first.UntilAsync(() => application.Output.Partitions[0].HighWatermark > 0, "something was written");
            await first.KillAsync();
            await producing;
        }

        await using JavaProgram second = application.Start();
        await second.UntilAsync(() => application.HasWrittenAsync(2000), "all of 2000 numbers were written");
        await second.EndAsync();
    }

    [Fact]
    public async Task Streams_ExactlyOnce_FailsAtOnce()
    {
        JavaTool.SkipUnlessThere("kafka-streams", compiles: true);
        await using Application application = await Application.CreateAsync(nodes, throughArchive: false);
        await application.ProduceAsync(0, 10);

        await using JavaProgram program = application.Start("processing.guarantee=exactly_once_v2");

        Assert.Equal(1, await program.ExitAsync());
        Assert.Contains(program.Lines, line => line.Contains("TransactionalIdAuthorizationException", StringComparison.Ordinal));
        Assert.Equal(0, application.Output.Partitions[0].HighWatermark);
    }

    /// <summary>The channels and the settings of a run of the program.</summary>
    private sealed class Application(SpewTestNode node, string name, Channel input, Channel output) : IAsyncDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("tattletail-streams-").FullName;
        private int _starts;

        public Channel Output => output;

        public Channel Repartition => node.Log.Find($"{name}-numbers-repartition")!;

        public Channel Changelog => node.Log.Find($"{name}-numbers-changelog")!;

        public static async Task<Application> CreateAsync(ClientNodes nodes, bool throughArchive) => new(
            nodes.Node(throughArchive), nodes.NewName("numbers"), await nodes.CreateAsync(throughArchive, "lines", partitions: 2), await nodes.CreateAsync(throughArchive, "by-word"));

        /// <summary>Starts it with an empty state folder.</summary>
        public JavaProgram Start(params string[] settings)
        {
            string file = Path.Combine(_folder, $"{++_starts}.properties");
            File.WriteAllLines(file, [
                $"application.id={name}", $"bootstrap.servers={node.Bootstrap}", $"from={input.Name}", $"to={output.Name}", $"state.dir={_folder}/{_starts}",
                "commit.interval.ms=200", "repartition.purge.interval.ms=200", "session.timeout.ms=3000", "heartbeat.interval.ms=500", .. settings]);
            return new JavaProgram(Path.Combine(AppContext.BaseDirectory, "Clients", "Scripts", "NumbersByWord.java"), file);
        }

        public async Task ProduceAsync(int from, int count)
        {
            using IProducer<Null, string> producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = node.Bootstrap }).Build();
            await Task.WhenAll(Enumerable.Range(from, count).Select(i => producer.ProduceAsync(input.Name, new Message<Null, string> { Value = $"word{i % Words} {i}" })));
        }

        /// <summary>The last that was written for each word.</summary>
        public async Task<Dictionary<string, List<int>>> WrittenAsync()
        {
            var written = new Dictionary<string, List<int>>();
            foreach (Event e in (await node.ReadAllAsync(output.Partitions[0])).Events)
            {
                written[Encoding.UTF8.GetString(e.Key!.Value.Span)] = [.. Encoding.UTF8.GetString(e.Body!.Value.Span).Trim().Split(' ').Select(int.Parse)];
            }

            return written;
        }

        public async Task<bool> HasWrittenAsync(int count) => (await WrittenAsync()).Values.SelectMany(numbers => numbers).Distinct().Count() == count;

        public async Task<bool> HasCommittedAllAsync()
        {
            Dictionary<LogPartition, long> commits = (await node.Log.Groups.CommitsAsync(name)).ToDictionary(commit => commit.Partition, commit => commit.Offset);
            return input.Partitions.Concat(Repartition.Partitions).Where(partition => partition.HighWatermark > 0).All(partition => commits.GetValueOrDefault(partition) == partition.HighWatermark);
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
