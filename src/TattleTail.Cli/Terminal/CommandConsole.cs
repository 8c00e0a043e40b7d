using System.Collections;
using System.Text;

namespace TattleTail.Cli.Terminal;

/// <summary>
/// Where a command reads and writes: data on <see cref="Output"/>, everything else on <see cref="Error"/>. Progress that overwrites itself is for a terminal only.
/// </summary>
internal sealed class CommandConsole : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Takes the streams of the process, or those of a test.</summary>
    public CommandConsole(Stream input, Stream output, TextWriter error)
    {
        Input = input;
        Output = output;
        Error = error;
        Text = new StreamWriter(output, Utf8, bufferSize: 4096, leaveOpen: true) { NewLine = "\n", AutoFlush = true };
    }

    /// <summary>What is piped into the command.</summary>
    public Stream Input { get; }

    /// <summary>The command's data, as bytes.</summary>
    public Stream Output { get; }

    /// <summary>The command's data, as text: writes through to <see cref="Output"/> at once.</summary>
    public TextWriter Text { get; }

    /// <summary>Progress, summaries and faults.</summary>
    public TextWriter Error { get; }

    /// <summary>Standard input is a keyboard: a command that wants data from it says so.</summary>
    public bool InputIsTerminal { get; init; }

    /// <summary>Somebody looks at <see cref="Error"/>, on a terminal that can overwrite a line.</summary>
    public bool ErrorIsTerminal { get; init; }

    /// <summary>Somebody looks at <see cref="Output"/>.</summary>
    public bool OutputIsTerminal { get; init; }

    /// <summary>The variables that the command may heed.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Columns that help and tables may use.</summary>
    public int Width { get; init; } = 100;

    /// <summary>The process's own streams, and what its environment says of them (<c>NO_COLOR</c> and <c>TERM=dumb</c> ask for no control sequences).</summary>
    public static CommandConsole OfProcess()
    {
        var environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(v => (string)v.Key, v => (string?)v.Value, StringComparer.Ordinal);
        var plain = environment.GetValueOrDefault("NO_COLOR") is { Length: > 0 } || environment.GetValueOrDefault("TERM") == "dumb";
        var error = new StreamWriter(Console.OpenStandardError(), Utf8, bufferSize: 1024) { AutoFlush = true };
        return new CommandConsole(Console.OpenStandardInput(), StandardOutput.Open(), TextWriter.Synchronized(error))
        {
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            Environment = environment,
            ErrorIsTerminal = !plain && !Console.IsErrorRedirected,
            Width = Console.IsOutputRedirected ? 100 : Math.Clamp(Console.WindowWidth, 60, 140),
        };
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Text.Dispose();
        Output.Dispose();
    }
}
