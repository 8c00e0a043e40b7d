using System.CommandLine;

namespace TattleTail.Cli;

/// <summary>Options that many commands share, each made anew for each command.</summary>
internal static class NodeOptions
{
    /// <summary><c>--config FILE</c>.</summary>
    public static Option<string?> Config() =>
        new("--config") { HelpName = "FILE", Description = "Configuration file [default: tattletail.json here, when there is one]" };

    /// <summary><c>--data FOLDER</c>.</summary>
    public static Option<string?> Data() =>
        new("--data") { HelpName = "FOLDER", Description = "Data folder [default: ./tattletail-data]" };

    /// <summary><c>--server URL</c>.</summary>
    public static Option<string?> Server() =>
        new("--server") { HelpName = "URL", Description = "HTTP address of a running node [default: the node that uses the data folder]" };

    /// <summary><c>--user NAME</c>.</summary>
    public static Option<string?> User() =>
        new("--user") { HelpName = "NAME", Description = "Log in to the node as this user, with the password in TATTLETAIL_PASSWORD [default: TATTLETAIL_USER]" };

    /// <summary><c>--ca FILE</c>.</summary>
    public static Option<string?> Authority() =>
        new("--ca") { HelpName = "FILE", Description = "Certificates to trust beside the machine's, in PEM, for a node at an https address [default: TATTLETAIL_CA]" };

    /// <summary><c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print one JSON object a line" };
}
