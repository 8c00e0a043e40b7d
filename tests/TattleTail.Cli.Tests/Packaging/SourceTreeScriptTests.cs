namespace TattleTail.Cli.Tests.Packaging;

/// <summary>The script in the root, in a small tree with a <c>dotnet</c> that tells what it was asked.</summary>
public sealed class SourceTreeScriptTests : IDisposable
{
    private const string Dotnet =
        """
        #!/bin/bash
        if [ "$1" = build ]; then
          echo build >> "$CALLS"
          [ -z "${BREAK:-}" ] || { echo "error CS1002"; exit 1; }
          folder=$(dirname "$2")/bin/Release/net10.0; mkdir -p "$folder"; touch "$folder/tattletail.dll"
        else
          shift; printf '<%s>' "$@"; echo; [ "${1:-}" != code ] || exit "$2"
        fi
        """;

    private readonly TemporaryFolder _tree = new();

    public SourceTreeScriptTests()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash: run it on Linux or macOS");
        _tree.File("tattletail", File.ReadAllText(Repository.File("tattletail")));
        _tree.File("bin/dotnet", Dotnet);
        _tree.File("src/TattleTail.Cli/TattleTail.Cli.csproj", "<Project/>");
        _tree.File("src/TattleTail.Cli/Publish/A.cs", "");
        _tree.File("Directory.Build.props", "<Project/>");
        _tree.File("global.json", "{}");
    }

    [Fact]
    public async Task Run_FromAnotherFolder_BuildsOnceAndPassesArgumentsAndCode()
    {
        var run = await BashAsync("cd /; \"$tree/tattletail\" up 'a b' ''; \"$tree/tattletail\" code 3; echo $?; cat $CALLS");

        Assert.Equal(["<up><a b><>", "<code><3>", "3", "build"], run.OutputLines);
    }

    [Theory]
    [InlineData("touch src/TattleTail.Cli/Publish/A.cs")]
    [InlineData("rm src/TattleTail.Cli/Publish/A.cs")]
    [InlineData("touch Directory.Build.props")]
    [InlineData("rm -r src/TattleTail.Cli/bin")]
    public async Task Run_SourceChanged_BuildsAgain(string change)
    {
        var run = await BashAsync($"./tattletail x; sleep 0.02; {change}; ./tattletail x; ./tattletail x; cat $CALLS");

        Assert.Equal(["<x>", "<x>", "<x>", "build", "build"], run.OutputLines);
    }

    [Fact]
    public async Task Run_BuildFails_ShowsItsErrorsAndTriesAgain()
    {
        var run = await BashAsync("BREAK=1 ./tattletail x; echo $?; ./tattletail x; ln -s $PWD/tattletail link; ./link y");

        Assert.Equal(["1", "<x>", "<y>"], run.OutputLines);
        Assert.Contains("error CS1002\ntattletail: the build failed\n", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _tree.Dispose();

    private async Task<RunResult> BashAsync(string line)
    {
        using var bash = CommandProcess.Bash(_tree.Path, $"chmod +x tattletail bin/dotnet; export tree=$PWD PATH=$PWD/bin:$PATH CALLS=$PWD/calls; {line}");
        return await bash.EndAsync();
    }
}
