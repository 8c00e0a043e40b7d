using TattleTail.Cli.Terminal;
using TattleTail.Server.Configuration;

namespace TattleTail.Cli.Configuration;

/// <summary>The node's configuration as this command line, its environment and its file give it.</summary>
internal static class Settings
{
    private const string FileVariable = "TATTLETAIL_CONFIG";

    /// <summary>Loads it; what is wrong is in the result.</summary>
    public static ConfigResult Load(CommandConsole console, string? file, IReadOnlyDictionary<string, string?> flags) =>
        NodeConfigLoader.Load(file ?? console.Environment.GetValueOrDefault(FileVariable), console.Environment, flags);

    /// <summary>Loads it; a <see cref="CommandException"/> names every fault.</summary>
    public static NodeConfig Require(CommandConsole console, string? file, IReadOnlyDictionary<string, string?> flags)
    {
        var result = Load(console, file, flags);
        return result.Config ?? throw new CommandException(ExitCode.Usage, [.. result.Faults.Select(fault => fault.ToString())]);
    }
}
