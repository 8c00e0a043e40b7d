using System.CommandLine;
using TattleTail.Cli.Terminal;
using TattleTail.Server.Security;

namespace TattleTail.Cli.Nodes;

/// <summary>Which node or folder a command is about.</summary>
/// <param name="Server">Its address, when given.</param>
/// <param name="Data">Its data folder, when given.</param>
/// <param name="Config">The configuration file that may name the folder.</param>
/// <param name="Login">Who the command is, and whom it trusts.</param>
internal sealed record NodeTarget(string? Server, string? Data, string? Config, NodeLogin Login)
{
    private const string UserVariable = "TATTLETAIL_USER";
    private const string PasswordVariable = "TATTLETAIL_PASSWORD";
    private const string AuthorityVariable = "TATTLETAIL_CA";

    /// <summary>The options, and how they become a target.</summary>
    public static (IReadOnlyList<Option> Options, Func<ParseResult, CommandConsole, NodeTarget> Read) Declare()
    {
        var server = NodeOptions.Server();
        var data = NodeOptions.Data();
        var config = NodeOptions.Config();
        var user = NodeOptions.User();
        var authority = NodeOptions.Authority();
        return ([server, data, config, user, authority], (parsed, console) => new NodeTarget(
            parsed.GetValue(server) ?? (parsed.GetValue(data) is null ? console.Environment.GetValueOrDefault("TATTLETAIL_SERVER") : null),
            parsed.GetValue(data),
            parsed.GetValue(config),
            LoginOf(parsed.GetValue(user) ?? console.Environment.GetValueOrDefault(UserVariable), parsed.GetValue(authority), console)));
    }

    private static NodeLogin LoginOf(string? user, string? authority, CommandConsole console)
    {
        var password = console.Environment.GetValueOrDefault(PasswordVariable);
        return user is not null && password is null
            ? throw new CommandException(ExitCode.Usage, $"the password of {user} is missing: put it into {PasswordVariable}")
            : new NodeLogin { User = user, Password = password, Authority = authority ?? console.Environment.GetValueOrDefault(AuthorityVariable) };
    }
}
