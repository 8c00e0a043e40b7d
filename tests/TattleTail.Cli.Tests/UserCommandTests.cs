using TattleTail.Tests;

namespace TattleTail.Cli.Tests;

/// <summary>Users from the command that adds them to the commands that log in, over an encrypted node.</summary>
public sealed class UserCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task User_AddedGrantedAndRemoved_IsWhatAListSays()
    {
        Assert.Equal(0, (await AddAsync("alice", "secret one", "--read", "orders.*", "--write", "carts")).ExitCode);
        Assert.Equal(0, (await AddAsync("bob", "secret two")).ExitCode);
        RunResult twice = await AddAsync("bob", "secret two");
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("there is a user bob already", twice.Error, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync("user", "grant", "bob", "--read", "*", "--users", "users.json")).ExitCode);
        RunResult list = await RunAsync("user", "list", "--json", "--users", "users.json");
        Assert.Equal(["""{"name":"alice","read":["orders.*"],"write":["carts"]}""", """{"name":"bob","read":["*"],"write":[]}"""], list.OutputLines);
        Assert.DoesNotContain("secret", File.ReadAllText(Path.Combine(_folder.Path, "users.json")), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder.Path, "users.json")));
        }

        Assert.Equal(0, (await RunAsync("user", "remove", "bob", "--users", "users.json")).ExitCode);
        Assert.Single((await RunAsync("user", "list", "--json", "--users", "users.json")).OutputLines);
    }

    [Theory]
    [InlineData(2, "no file of users is named", "user", "list")]
    [InlineData(1, "can't be read", "user", "list", "--users", "none.json")]
    [InlineData(2, "'a/b' is no pattern", "user", "add", "alice", "--read", "a/b", "--users", "users.json")]
    [InlineData(2, "'a:b' is no user's name", "user", "add", "a:b", "--users", "users.json")]
    [InlineData(2, "no password on standard input", "user", "add", "alice", "--users", "users.json")]
    [InlineData(2, "users in none.json", "up", "--users", "none.json", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0")]
    [InlineData(2, "passwords would go there", "up", "--users", "none.json", "--http", "0.0.0.0:8080")]
    [InlineData(2, "can't be used", "up", "--tls-certificate", "none.pem", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0")]
    [InlineData(2, "the password of alice is missing", "channels", "--user", "alice")]
    public async Task Command_WithWrongUsersOrFiles_SaysSo(int code, string reason, params string[] words)
    {
        RunResult run = await RunAsync(words);

        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_OnANodeWithUsersAndACertificate_LogInAndTrustIt()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "needs bash: run it on Linux or macOS");
        await AddAsync("alice", "pw", "--read", "mine", "--write", "mine");
        TestCertificate.Write(_folder.Path);
        using CommandProcess up = CommandProcess.Start(
            _folder.Path, "up", "--users", "users.json", "--tls-certificate", "node.crt", "--tls-key", "node.key", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0", "--sample");
        await up.SeeAsync("Ctrl-C stops\n");
        Assert.Contains("read back 329 of 329, byte for byte", up.Output, StringComparison.Ordinal);
        string http = up.Output.Split('\n').Single(line => line.StartsWith("http ", StringComparison.Ordinal))[7..].Trim();
        Assert.StartsWith("https://", http, StringComparison.Ordinal);

        // Who owns the data folder needs no password; who comes from elsewhere does.
        Assert.Equal(58, (await RunAsync("channels", "--json")).OutputLines.Length);
        Assert.Equal((0, "hello\n"), await BashAsync($"export TATTLETAIL_PASSWORD=pw TATTLETAIL_USER=alice; echo hello | $TATTLETAIL publish mine --raw --server {http} --ca node.crt 2>/dev/null; $TATTLETAIL read mine --format raw --server {http} --ca node.crt"));
        Assert.Equal((1, ""), await BashAsync($"TATTLETAIL_PASSWORD=pw $TATTLETAIL read github.push --user alice --server {http} --ca node.crt"));
        Assert.Equal((1, ""), await BashAsync($"TATTLETAIL_PASSWORD=wrong $TATTLETAIL channels --user alice --server {http} --ca node.crt"));
        Assert.Equal((4, ""), await BashAsync($"TATTLETAIL_PASSWORD=pw $TATTLETAIL channels --user alice --server {http}"));
    }

    private Task<RunResult> RunAsync(params string[] words) => CommandProcess.RunAsync(_folder.Path, words);

    private async Task<(int ExitCode, string Output)> BashAsync(string line)
    {
        using CommandProcess bash = CommandProcess.Bash(_folder.Path, line);
        bash.CloseInput();
        RunResult run = await bash.EndAsync();
        return (run.ExitCode, run.Output);
    }

    private async Task<RunResult> AddAsync(string name, string password, params string[] more)
    {
        using CommandProcess add = CommandProcess.Start(_folder.Path, ["user", "add", name, "--users", "users.json", .. more]);
        add.Write(password + "\n");
        add.CloseInput();
        return await add.EndAsync();
    }
}
