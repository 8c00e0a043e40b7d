namespace TattleTail.Cli;

/// <summary>What the process tells its caller; listed in every <c>--help</c>.</summary>
internal static class ExitCode
{
    /// <summary>It worked.</summary>
    public const int Ok = 0;

    /// <summary>It failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration is wrong: nothing was begun.</summary>
    public const int Usage = 2;

    /// <summary>It worked, and faults were found.</summary>
    public const int FaultsFound = 3;

    /// <summary>The node cannot be reached.</summary>
    public const int Unreachable = 4;

    /// <summary>Interrupted, as a shell reports SIGINT.</summary>
    public const int Interrupted = 130;
}
