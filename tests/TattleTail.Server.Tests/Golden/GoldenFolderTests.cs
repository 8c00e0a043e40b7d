using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TattleTail.Log;

namespace TattleTail.Server.Tests.Golden;

/// <summary>
/// Data folders that earlier versions wrote are read by this one: the same channels, offsets, bytes, times and producers. A folder is there as its node left it when it was stopped, and as it lay
/// on disk while the node ran, which is what a killed node leaves. When the format's version rises, <c>TT_TEST_GOLDEN_TARGET</c> names the
/// folder to which those of the new one are written; the old ones stay.
/// </summary>
public sealed class GoldenFolderTests
{
    private const string Present = "v1";
    private static readonly string Here = Path.Combine(
        typeof(GoldenFolderTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepoRoot").Value!, "tests", "TattleTail.Server.Tests", "Golden");

    [Theory]
    [InlineData("v1-stopped")]
    [InlineData("v1-killed")]
    public Task Folder_OfAnEarlierVersion_IsServedAsItWasWritten(string name) => AssertServesAsync(Here, name);

    [Fact]
    public async Task Folder_OfThisVersion_IsServedAsItWasWritten()
    {
        using var temporary = new TemporaryFolder();
        var target = Environment.GetEnvironmentVariable("TT_TEST_GOLDEN_TARGET") ?? temporary.Path;
        await WriteAsync(target);

        await AssertServesAsync(target, $"{Present}-killed");
        await AssertServesAsync(target, $"{Present}-stopped");
    }

    private static async Task WriteAsync(string target)
    {
        await using var node = await TestNode.StartAsync(c => c with { TrimDelay = TimeSpan.Zero, SnapshotBytes = 1024 * 1024 });
        await GoldenEvents.PublishAsync(node.Node.Log);

        await File.WriteAllTextAsync(Path.Combine(target, $"{Present}.ndjson"), await DescribeAsync(node));
        Zip(node.Config.DataFolder, Path.Combine(target, $"{Present}-killed.zip"));
        await node.Node.StopAsync();
        Zip(node.Config.DataFolder, Path.Combine(target, $"{Present}-stopped.zip"));
    }

    private static async Task AssertServesAsync(string golden, string name)
    {
        var expected = await File.ReadAllTextAsync(Path.Combine(golden, $"{name[..2]}.ndjson"));
        await using var node = await TestNode.StartAsync(c =>
        {
            ZipFile.ExtractToDirectory(Path.Combine(golden, $"{name}.zip"), c.DataFolder);
            return c;
        });

        Assert.Equal(expected, await DescribeAsync(node));
        var verified = (await node.PostAsync("archive/verify")).Lines[^1];
        Assert.Equal(0, verified.GetProperty("faults").GetInt32());
        Assert.True(verified.GetProperty("files").GetInt32() >= 4);

        var orders = node.Node.Log.Find("orders")!;
        Assert.Equal(new AppendResult(AppendStatus.Duplicate, GoldenEvents.ProducedAt, -1), await node.Node.Log.AppendBatchAsync(orders.Partitions[1], GoldenEvents.Produced()));
        Assert.True(await node.Node.Log.AllocateProducerIdAsync() > GoldenEvents.ProducerId);
        Assert.Equal(201, (await node.PublishLinesAsync("orders", """{"body":"one more","partition":1}""")).Status);
        await node.RestartAsync();
        Assert.StartsWith(expected[..expected.IndexOf('\n', StringComparison.Ordinal)], await DescribeAsync(node), StringComparison.Ordinal);
    }

    private static void Zip(string folder, string path)
    {
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "node.lock").Order(StringComparer.Ordinal))
        {
            zip.CreateEntryFromFile(file, Path.GetRelativePath(folder, file).Replace('\\', '/'), CompressionLevel.SmallestSize);
        }
    }

    /// <summary>A line for each channel, then one for each event in (channel, partition, offset) order; a long one is its hash.</summary>
    private static async Task<string> DescribeAsync(TestNode node)
    {
        var text = new StringBuilder();
        var names = new List<string>();
        foreach (var channel in (await node.GetAsync("channels")).Json.GetProperty("channels").EnumerateArray())
        {
            var name = channel.GetProperty("name").GetString()!;
            names.Add(name);
            var partitions = node.Node.Log.Find(name)!.Partitions.Select(p => $"{p.StartOffset}-{p.HighWatermark}");
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{name} {node.Node.Log.Find(name)!.Incarnation} {node.Node.Log.Find(name)!.TopicId} {string.Join(' ', partitions)}\n");
        }

        foreach (var name in names)
        {
            var lines = (await node.GetAsync($"channels/{name}/events?from=beginning")).Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines.OrderBy(PartitionAndOffset))
            {
                text.Append(line.Length < 1_000 ? line : $"{PartitionAndOffset(line)} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line)))}").Append('\n');
            }
        }

        return text.ToString();
    }

    private static (int, long) PartitionAndOffset(string line)
    {
        using var json = JsonDocument.Parse(line);
        Assert.True(json.RootElement.TryGetProperty("partition", out _), line);
        return (json.RootElement.GetProperty("partition").GetInt32(), json.RootElement.GetProperty("offset").GetInt64());
    }
}
