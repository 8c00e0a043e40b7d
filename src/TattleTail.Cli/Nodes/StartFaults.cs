using TattleTail.Server.Hosting;

namespace TattleTail.Cli.Nodes;

/// <summary>Why a node did not start, as an exit code: what the user can put right on the command line or in the configuration is usage.</summary>
internal static class StartFaults
{
    /// <summary>The fault for the user.</summary>
    public static CommandException Describe(StartException fault) =>
        new(fault.Fault is StartFault.LogUnusable or StartFault.FileSystemUnfit ? ExitCode.Failed : ExitCode.Usage, fault.Message, fault);
}
