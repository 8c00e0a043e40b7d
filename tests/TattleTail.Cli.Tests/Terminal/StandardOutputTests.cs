namespace TattleTail.Cli.Tests.Terminal;

public class StandardOutputTests
{
    [Fact]
    public async Task Output_ReaderLeft_EndsQuietly()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash and a Unix pipe: run it on Linux or macOS");
        using var folder = new TemporaryFolder();
        using var bash = CommandProcess.Bash(folder.Path, "$TATTLETAIL --help | true; echo ${PIPESTATUS[0]}");

        var run = await bash.EndAsync();

        Assert.Equal(("0\n", ""), (run.Output, run.Error));
    }

    [Fact]
    public async Task Output_SharedFile_IsAppendedTo()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "needs bash: run it on Linux or macOS");
        using var folder = new TemporaryFolder();
        using var bash = CommandProcess.Bash(folder.Path, "(echo first; $TATTLETAIL --version; $TATTLETAIL --version; echo last) > all; cat all | cut -c1-10");

        var run = await bash.EndAsync();

        Assert.Equal(["first", "tattletail", "tattletail", "last"], run.OutputLines);
    }
}
