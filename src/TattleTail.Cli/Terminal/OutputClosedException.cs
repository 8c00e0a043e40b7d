namespace TattleTail.Cli.Terminal;

/// <summary>Whoever read standard output has left: the command has nothing more to do, and that is no failure.</summary>
internal sealed class OutputClosedException : IOException
{
    /// <summary>Creates the exception.</summary>
    public OutputClosedException(Exception inner)
        : base("standard output was closed by its reader", inner)
    {
    }
}
