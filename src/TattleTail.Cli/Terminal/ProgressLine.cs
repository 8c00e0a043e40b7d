using System.Diagnostics;

namespace TattleTail.Cli.Terminal;

/// <summary>One line on the error stream that says how far a command is; overwritten at most five times a second, and only on a terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly TextWriter? _error;
    private readonly int _width;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _next = TimeSpan.FromMilliseconds(300);
    private int _shown;

    /// <summary>Shows nothing when nobody looks.</summary>
    public ProgressLine(CommandConsole console)
    {
        _error = console.ErrorIsTerminal ? console.Error : null;
        _width = console.Width - 1;
    }

    /// <summary>Shows a text when it is time to; the text is made only then.</summary>
    public void Show(Func<string> text)
    {
        if (_error is null || _since.Elapsed < _next)
        {
            return;
        }

        _next = _since.Elapsed + Interval;
        var line = text();
        line = line.Length > _width ? line[.._width] : line;
        _error.Write('\r' + line.PadRight(_shown));
        _shown = line.Length;
    }

    /// <summary>Clears the line.</summary>
    public void Dispose()
    {
        if (_shown > 0)
        {
            _error!.Write('\r' + new string(' ', _shown) + '\r');
            _shown = 0;
        }
    }
}
