using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Tests.Terminal;

public class ProgressLineTests
{
    [Fact]
    public void Show_NobodyLooks_WritesNothing()
    {
        using var error = new StringWriter();
        using var console = new CommandConsole(Stream.Null, Stream.Null, error);
        using (var progress = new ProgressLine(console))
        {
            SpinWait.SpinUntil(() => { progress.Show(() => "half"); return false; }, TimeSpan.FromMilliseconds(400));
        }

        Assert.Empty(error.ToString());
    }

    [Fact]
    public void Show_OnATerminal_OverwritesOneLineAndClearsIt()
    {
        using var error = new StringWriter();
        using var console = new CommandConsole(Stream.Null, Stream.Null, error) { ErrorIsTerminal = true };
        using (var progress = new ProgressLine(console))
        {
            Assert.True(SpinWait.SpinUntil(() => { progress.Show(() => "half"); return error.ToString().Length > 0; }, CommandProcess.Deadline));
        }

        Assert.Equal("\rhalf\r    \r", error.ToString());
    }
}
