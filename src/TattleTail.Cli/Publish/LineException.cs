namespace TattleTail.Cli.Publish;

/// <summary>A line of the input is no event. The lines before it are published, it and those after it are not.</summary>
internal sealed class LineException : Exception
{
    /// <summary>Creates the exception.</summary>
    public LineException(long line, string fault)
        : base(fault) => Line = line;

    /// <summary>The line's number, from 1.</summary>
    public long Line { get; }
}
