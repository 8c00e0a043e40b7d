using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using TattleTail.Platform;
using TattleTail.Server.Configuration;
using TattleTail.Server.Folders;
using TattleTail.Server.Hosting;
using TattleTail.Tests;

namespace TattleTail.Server.Tests.Hosting;

public sealed partial class NodeTests
{
    private const string Line = "{\"body\":\"x\"}";

    [Fact]
    public async Task Node_StoppedAndStarted_ServesWhatItHad()
    {
        await using var node = await TestNode.StartAsync();
        await node.PublishLinesAsync("a", Line);
        Assert.Equal(node.Node.HttpAddress, DataFolder.FindNode(node.Config.DataFolder)!.Http);

        await node.Node.StopAsync();
        Assert.True(node.Node.Completion.IsCompletedSuccessfully);
        Assert.Null(DataFolder.FindNode(node.Config.DataFolder));
        await node.RestartAsync();

        Assert.Equal(["x"], (await node.GetAsync("channels/a/events")).Bodies);
    }

    [Fact]
    public async Task Start_FolderInUse_NamesTheProcess()
    {
        await using var node = await TestNode.StartAsync();

        var e = await Assert.ThrowsAsync<StartException>(async () => await Node.StartAsync(node.Config, node.Ports));

        Assert.Equal(StartFault.FolderInUse, e.Fault);
        Assert.Contains($"process {Environment.ProcessId}", e.Message, StringComparison.Ordinal);
        Assert.Equal(200, (await node.GetAsync("health/ready")).Status);
    }

    [Theory]
    [InlineData(true, "Kafka", "--kafka")]
    [InlineData(false, "HTTP", "--http")]
    public async Task Start_PortInUse_NamesItAndGivesTheFolderBack(bool kafka, string expected, string flag)
    {
        using var other = new TcpListener(System.Net.IPAddress.Loopback, 0);
        other.Start();
        using var folder = new TemporaryFolder();
        var taken = new HostPort("127.0.0.1", ((System.Net.IPEndPoint)other.LocalEndpoint).Port);
        var free = new HostPort("127.0.0.1", 0);
        var config = new NodeConfig { DataFolder = Path.Combine(folder.Path, "data"), Kafka = kafka ? taken : free, Http = kafka ? free : taken };
        var ports = new NodePorts { LogOutput = TextWriter.Null };

        var e = await Assert.ThrowsAsync<StartException>(async () => await Node.StartAsync(config, ports));

        Assert.Equal(StartFault.PortInUse, e.Fault);
        Assert.Contains($"the {expected} port {taken}", e.Message, StringComparison.Ordinal);
        Assert.Contains(flag, e.Message, StringComparison.Ordinal);
        await using var again = await Node.StartAsync(config with { Kafka = free, Http = free }, ports);
        Assert.NotEqual(0, again.KafkaAddress.Port);
    }

    [Theory]
    [InlineData("203.0.113.1", "can't be bound")]
    [InlineData("no-such-host.invalid", "can't be resolved")]
    public async Task Start_AddressOfAnotherMachine_IsRefused(string host, string expected)
    {
        using var folder = new TemporaryFolder();
        var config = new NodeConfig { DataFolder = Path.Combine(folder.Path, "data"), Kafka = new(host, 0), Http = new("127.0.0.1", 0), Insecure = true };

        var e = await Assert.ThrowsAsync<StartException>(async () => await Node.StartAsync(config, new NodePorts { LogOutput = TextWriter.Null }));

        Assert.Equal(StartFault.AddressUnusable, e.Fault);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Contains("--kafka", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ArchiveOnAFileSystemThatCannotLink_IsRefused()
    {
        using var folder = new TemporaryFolder();
        var files = new FaultyFiles(new OperatingSystemFiles()) { Fails = (operation, path) => operation == "link" && path.Contains("elsewhere", StringComparison.Ordinal) ? FileSystemError.Unsupported : null };
        var config = new NodeConfig { DataFolder = Path.Combine(folder.Path, "data"), Archive = Path.Combine(folder.Path, "elsewhere"), Kafka = new("127.0.0.1", 0), Http = new("127.0.0.1", 0) };

        var e = await Assert.ThrowsAsync<StartException>(async () => await Node.StartAsync(config, new NodePorts { Files = files, LogOutput = TextWriter.Null }));

        Assert.Equal(StartFault.FileSystemUnfit, e.Fault);
        Assert.Contains("elsewhere", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_ArchiveUnreachable_RecordsAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        var blocked = Path.Combine(folder.Path, "a-file");
        await File.WriteAllTextAsync(blocked, "");
        await using var node = await TestNode.StartAsync(c => c with { Archive = Path.Combine(blocked, "archive") });

        Assert.Equal(201, (await node.PublishLinesAsync("a", Line)).Status);
        await Eventually.HoldsAsync(async () => await ReadyAsync(node) == (200, "yellow"), "yellow health");
        Assert.Equal(503, (await node.GetAsync("archive/files")).Status);
        Assert.Equal(["x"], (await node.GetAsync("channels/a/events")).Bodies);
    }

    [Fact]
    public async Task KafkaEndpoint_ApiVersions_Answers()
    {
        await using var node = await TestNode.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(node.Node.KafkaAddress.Host, node.Node.KafkaAddress.Port);

        // ApiVersions v0, correlation id 7, client id null.
        await client.GetStream().WriteAsync(Convert.FromHexString("0000000A" + "0012" + "0000" + "00000007" + "FFFF"));
        var answer = new byte[10];
        await client.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((7, 0), (BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)), BinaryPrimitives.ReadInt16BigEndian(answer.AsSpan(8))));
    }

    [Fact]
    public async Task Health_JournalCannotSync_TurnsRedAndHeals()
    {
        await using var node = await TestNode.StartAsync();
        await node.PublishLinesAsync("a", Line);
        Assert.Equal((200, "green"), await ReadyAsync(node));

        node.Files.Fails = (operation, path) => operation == "sync" && path.Contains("journal", StringComparison.Ordinal) ? FileSystemError.Failed : null;
        var refused = await node.PublishLinesAsync("a", Line);
        Assert.Equal(503, refused.Status);
        Assert.NotEmpty(refused.Headers["Retry-After"]);
        Assert.Equal((503, "red"), await ReadyAsync(node));
        Assert.Equal(200, (await node.GetAsync("health/live")).Status);
        Assert.Contains("x", (await node.GetAsync("channels/a/events")).Bodies);

        node.Files.Fails = (_, _) => null;
        await Eventually.HoldsAsync(async () => (await ReadyAsync(node)).Status == 200, "the node to be ready");
        Assert.Equal(201, (await node.PublishLinesAsync("a", Line)).Status);
        Assert.Contains("[6006]", node.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains("[6007]", node.Log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_AfterWork_ArePrometheusTextWithoutNamesOfChannels()
    {
        await using var node = await TestNode.StartAsync();
        await node.PublishLinesAsync("a-channel-of-mine", Line);
        await node.PostAsync("archive/seal");

        var text = (await node.GetAsync("metrics")).Body;

        Assert.All(text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.Matches(MetricLine(), line));
        Assert.All(
            [
                "tattletail_journal_bytes", "tattletail_journal_quota_bytes", "tattletail_journal_sync_seconds_bucket", "tattletail_journal_synced_bytes_total", "tattletail_unsealed_events", "tattletail_unsealed_age_seconds",
                "tattletail_seal_failures_total", "tattletail_seal_seconds_count", "tattletail_sealed_events_total", "tattletail_archive_files", "tattletail_archive_bytes", "tattletail_appended_events_total",
                "tattletail_appended_bytes_total", "tattletail_health", "http_server_request_duration_seconds_bucket",
            ],
            name => Assert.Contains($"\n{name}", text, StringComparison.Ordinal));
        Assert.Contains("http_route=\"/channels/{channel}/events\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("a-channel-of-mine", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfflineLog_OfAFolderThatIsFree_ReadsItAndOfOneInUse_IsRefused()
    {
        await using var node = await TestNode.StartAsync();
        await node.PublishLinesAsync("a", Line);
        var e = await Assert.ThrowsAsync<StartException>(async () => await OfflineLog.OpenAsync(node.Config));
        Assert.Equal(StartFault.FolderInUse, e.Fault);
        await node.Node.StopAsync();

        await using (var offline = await OfflineLog.OpenAsync(node.Config))
        {
            Assert.Equal(1, offline.Log.Find("a")!.Partitions[0].HighWatermark);
        }

        await Assert.ThrowsAsync<StartException>(async () => await OfflineLog.OpenAsync(node.Config with { DataFolder = node.Config.DataFolder + "-absent" }));
    }

    [GeneratedRegex("""^(# (TYPE|HELP|UNIT|EOF).*|[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\]|\\.)*",?)*\})? (-?[0-9.]+([eE][-+]?[0-9]+)?|\+Inf|-Inf|NaN)( [0-9]+)?)$""")]
    private static partial Regex MetricLine();

    private static async Task<(int Status, string Health)> ReadyAsync(TestNode node)
    {
        var answer = await node.GetAsync("health/ready");
        Assert.True(answer.Json.GetProperty("reason").GetString()!.Length > 0 && answer.Json.TryGetProperty("since", out _));
        return (answer.Status, answer.Json.GetProperty("status").GetString()!);
    }
}
