namespace TattleTail.Cli;

/// <summary>
/// A command ends with this exit code and these lines after <c>tattletail: </c> on the error stream: each says what is wrong, where, and what to do. Never shown with a trace.
/// </summary>
internal sealed class CommandException : Exception
{
    /// <summary>One fault.</summary>
    public CommandException(int exitCode, string message, Exception? inner = null)
        : base(message, inner)
    {
        Code = exitCode;
        Lines = [message];
    }

    /// <summary>Several faults, named all at once.</summary>
    public CommandException(int exitCode, IReadOnlyList<string> lines)
        : base(string.Join(Environment.NewLine, lines))
    {
        Code = exitCode;
        Lines = lines;
    }

    /// <summary>One of <see cref="ExitCode"/>.</summary>
    public int Code { get; }

    /// <summary>A line for each fault.</summary>
    public IReadOnlyList<string> Lines { get; }
}
