using System.Text.Json;

namespace TattleTail.Cli.Tests;

/// <summary>The commands against a node and its folder, as processes: what a user sees and what a script gets.</summary>
public sealed class NodeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Up_Sample_ReadsAllBackInADozenLinesAndStopsOnSigterm()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs kill to send signals: run it on Linux or macOS");
        using (var up = await UpAsync("--sample"))
        {
            Assert.Contains("published 329 events to 58 channels\n", up.Output, StringComparison.Ordinal);
            Assert.Contains("read back 329 of 329, byte for byte\n", up.Output, StringComparison.Ordinal);
            up.Signal("TERM");
            var first = await up.EndAsync();
            Assert.Equal(0, first.ExitCode);
            Assert.InRange(first.OutputLines.Length, 8, 12);
        }

        using var again = await UpAsync("--sample");
        Assert.Contains("the sample's 329 events in 58 channels are there already\n", again.Output, StringComparison.Ordinal);
        again.Signal("INT");
        Assert.Equal(0, (await again.EndAsync()).ExitCode);

        // And straight from the folder, which no node uses now.
        var offline = await CommandProcess.RunAsync(_folder.Path, "read", "github.push", "--limit", "2");
        Assert.Equal((0, 2, ""), (offline.ExitCode, offline.OutputLines.Length, offline.Error));
        var verified = await CommandProcess.RunAsync(_folder.Path, "archive", "verify");
        Assert.Equal(0, verified.ExitCode);
        Assert.StartsWith("verified 58 files, 329 events", verified.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_LinesOfAnyKind_AreReadBackByEveryForm()
    {
        using var up = await UpAsync();
        var raw = await PublishAsync("""{"user":{"id":7}}""" + "\n", "orders", "--raw", "--key-field", "user.id");
        Assert.Equal((0, ""), (raw.ExitCode, raw.Output));
        Assert.StartsWith("published 1 event to orders in ", raw.Error, StringComparison.Ordinal);

        var envelopes = await RunAsync("read", "orders");
        Assert.Equal("7", JsonDocument.Parse(envelopes.Output).RootElement.GetProperty("key").GetString());
        Assert.Equal(0, (await PublishAsync(envelopes.Output, "copy")).ExitCode);
        Assert.Equal("{\"user\":{\"id\":7}}\n", (await RunAsync("read", "copy", "--format", "raw")).Output);
        Assert.Matches(@"^\d{4}-\S+Z  0:0  7  \{""user"":\{""id"":7\}\}\n$", (await RunAsync("read", "copy", "--format", "text")).Output);

        var empty = await RunAsync("read", "copy", "--from", "2100-01-01");
        Assert.Equal((0, ""), (empty.ExitCode, empty.Output));
        Assert.Contains("the newest event time is ", empty.Error, StringComparison.Ordinal);

        var channels = await RunAsync("channels", "--json");
        Assert.Equal(["copy", "orders"], channels.OutputLines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task Publish_BadLine_NamesItAndTheLinesBeforeStay()
    {
        using var up = await UpAsync();
        const string Good = """{"specversion":"1.0","id":"1","source":"/t","type":"t"}""";

        var run = await PublishAsync($"{Good}\n\n{Good}\n{{nonsense\n{Good}\n", "orders");

        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("tattletail: line 4: ", run.Error, StringComparison.Ordinal);
        Assert.Contains("published 2 events", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("read", "orders")).OutputLines.Length);

        var large = await PublishAsync($"{Good}\n{new string('x', 3_000_000)}\n", "large", "--raw");
        Assert.Equal(1, large.ExitCode);
        Assert.StartsWith("tattletail: line 2: ", large.Error, StringComparison.Ordinal);
        Assert.Single((await RunAsync("read", "large")).OutputLines);
    }

    [Fact]
    public async Task ArchiveVerify_DamagedFiles_AreNamedAndTheExitCodeIs3()
    {
        using var up = await UpAsync();
        foreach (var channel in (string[])["cut", "flipped", "gone", "sound"])
        {
            await PublishAsync(string.Concat(Enumerable.Range(0, 500).Select(i => $"{i} {Guid.NewGuid()}\n")), channel, "--raw");
        }

        Assert.Equal(0, (await RunAsync("archive", "seal")).ExitCode);
        Assert.Equal(0, (await RunAsync("archive", "verify")).ExitCode);
        var archive = Path.Combine(_folder.Path, "tattletail-data", "archive");
        string FileOf(string channel) => Directory.GetFiles(Path.Combine(archive, "data", $"c-{channel}"), "*.parquet", SearchOption.AllDirectories).Single();
        var (cut, flipped, gone) = (FileOf("cut"), FileOf("flipped"), FileOf("gone"));
        File.WriteAllBytes(cut, File.ReadAllBytes(cut)[..^10]);
        var bytes = File.ReadAllBytes(flipped);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(flipped, bytes);
        File.Delete(gone);

        var run = await RunAsync("archive", "verify");

        Assert.Equal(3, run.ExitCode);
        foreach (var damaged in (string[])[cut, flipped, gone])
        {
            Assert.Contains(run.OutputLines, line => line.Contains(Path.GetFileName(damaged), StringComparison.Ordinal));
        }

        Assert.DoesNotContain("c-sound", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("ParquetException", run.Output, StringComparison.Ordinal);
        Assert.Equal(500, (await RunAsync("read", "sound")).OutputLines.Length);
    }

    [Fact]
    public async Task Read_FollowedAndInterrupted_Is130_HeadEndsQuietly()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs kill and bash: run it on Linux or macOS");
        using var up = await UpAsync();
        await PublishAsync(string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{i} {new string('x', 100)}\n")), "numbers", "--raw");
        using (var follow = CommandProcess.Start(_folder.Path, "read", "numbers", "--from", "19999", "--follow", "--format", "raw"))
        {
            await follow.SeeAsync("19999 ");
            await PublishAsync("live\n", "numbers", "--raw");
            await follow.SeeAsync("live\n");
            follow.Signal("INT");
            var run = await follow.EndAsync();
            Assert.Equal((130, ""), (run.ExitCode, run.Error));
        }

        using var head = CommandProcess.Bash(_folder.Path, "$TATTLETAIL read numbers --format raw | head -n 1; echo ${PIPESTATUS[0]}");
        var ended = await head.EndAsync();
        Assert.Equal((2, "0", ""), (ended.OutputLines.Length, ended.OutputLines[^1], ended.Error));
    }

    [Fact]
    public async Task Up_FolderOrPortTaken_IsUsage_NamesWhoHasIt()
    {
        using var up = await UpAsync();

        var folder = await RunAsync("up", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0");
        Assert.Equal(2, folder.ExitCode);
        Assert.Contains($"in use by process {up.Id}", folder.Error, StringComparison.Ordinal);

        var http = up.Output.Split('\n').Single(line => line.StartsWith("http ", StringComparison.Ordinal)).Split("//")[1].TrimEnd('/');
        var port = await RunAsync("up", "--data", "other", "--kafka", "127.0.0.1:0", "--http", http);
        Assert.Equal(2, port.ExitCode);
        Assert.Contains($"{http} is in use", port.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a folder of a newer format", "mkdir d && echo '{\"product\":\"TattleTail\",\"format\":2}' > d/tattletail.format", "format 2")]
    [InlineData("a file in the way", "touch d", "is a file")]
    [InlineData("somebody else's folder", "mkdir d && touch d/thesis.doc", "thesis.doc")]
    public async Task Up_FolderUnfit_IsUsage_SaysWhy(string what, string make, string reason)
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), $"needs bash to make {what}: run it on Linux or macOS");
        using (var bash = CommandProcess.Bash(_folder.Path, make))
        {
            await bash.EndAsync();
        }

        var run = await RunAsync("up", "--data", "d", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, "no node is using", "publish", "orders")]
    [InlineData(4, "can't be reached", "channels", "--server", "http://127.0.0.1:1")]
    [InlineData(2, "there is no data folder", "read", "orders")]
    [InlineData(2, "'yesterday' is neither", "read", "orders", "--from", "yesterday")]
    [InlineData(2, "'a/b'", "read", "a/b")]
    [InlineData(2, "unknown option '--frm'", "read", "orders", "--frm", "1")]
    [InlineData(2, "--insecure", "up", "--http", "0.0.0.0:8080")]
    [InlineData(2, "no-such.json", "config", "check", "--config", "no-such.json")]
    public async Task Command_CannotBegin_HasItsExitCodeAndOneReason(int code, string reason, params string[] words)
    {
        var run = await RunAsync(words);

        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private async Task<CommandProcess> UpAsync(params string[] more)
    {
        var up = CommandProcess.Start(_folder.Path, ["up", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0", .. more]);
        await up.SeeAsync("Ctrl-C stops\n");
        return up;
    }

    private Task<RunResult> RunAsync(params string[] words) => CommandProcess.RunAsync(_folder.Path, words);

    private async Task<RunResult> PublishAsync(string input, string channel, params string[] more)
    {
        using var publish = CommandProcess.Start(_folder.Path, ["publish", channel, .. more]);
        publish.Write(input);
        publish.CloseInput();
        return await publish.EndAsync();
    }
}
