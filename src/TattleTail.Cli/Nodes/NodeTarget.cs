using System.CommandLine;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Nodes;

/// <summary>Which node or folder a command is about.</summary>
/// <param name="Server">Its address, when given.</param>
/// <param name="Data">Its data folder, when given.</param>
/// <param name="Config">The configuration file that may name the folder.</param>
internal sealed record NodeTarget(string? Server, string? Data, string? Config)
{
    /// <summary>The three options, and how they become a target.</summary>
    public static (IReadOnlyList<Option> Options, Func<ParseResult, CommandConsole, NodeTarget> Read) Declare()
    {
        var server = NodeOptions.Server();
        var data = NodeOptions.Data();
        var config = NodeOptions.Config();
        return ([server, data, config], (parsed, console) =>
            new NodeTarget(parsed.GetValue(server) ?? (parsed.GetValue(data) is null ? console.Environment.GetValueOrDefault("TATTLETAIL_SERVER") : null), parsed.GetValue(data), parsed.GetValue(config)));
    }
}
