namespace TattleTail.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task UnknownCommand_IsUsage_NamesItOnce()
    {
        var run = await InProcess.RunAsync("recall");

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Equal("tattletail: unknown command or argument 'recall'\nSee tattletail --help\n", run.Error.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task NoWords_ShowHelp()
    {
        var run = await InProcess.RunAsync();

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("Exit codes:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_IsOneLine()
    {
        var run = await InProcess.RunAsync("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^tattletail \d+\.\d+\.\d+\S*\n$", run.Output);
    }

    [Fact]
    public async Task WrongShell_IsUsage_NamesTheShells()
    {
        var run = await InProcess.RunAsync("completion", "tcsh");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("'bash'", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("See tattletail completion --help", run.Error.TrimEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash"), InlineData("zsh"), InlineData("fish"), InlineData("pwsh")]
    public async Task Completion_PrintsAScriptThatAsksTheCommand(string shell)
    {
        var run = await InProcess.RunAsync("completion", shell);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[suggest:", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggest_HalfAWord_GivesTheCommand()
    {
        var run = await InProcess.RunAsync("[suggest:14]", "tattletail com");

        Assert.Equal("completion", Assert.Single(run.OutputLines));
    }

    [Fact]
    public async Task BashCompletion_HalfAWord_CompletesInBash()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash: install it to run this test");
        using var folder = new TemporaryFolder();
        folder.File("tattletail", $"#!/bin/bash\nexec dotnet {CommandProcess.Program} \"$@\"\n");
        using var bash = CommandProcess.Bash(folder.Path, """
            chmod +x tattletail; PATH=$PWD:$PATH; eval "$(tattletail completion bash)"
            COMP_LINE='tattletail compl'; COMP_POINT=16; COMP_WORDS=(tattletail compl); COMP_CWORD=1; _tattletail; echo "${COMPREPLY[@]}"
            """);

        var run = await bash.EndAsync();

        Assert.Equal(("completion\n", ""), (run.Output, run.Error));
    }
}
