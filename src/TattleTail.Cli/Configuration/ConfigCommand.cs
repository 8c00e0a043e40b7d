using System.CommandLine;
using TattleTail.Cli.Help;
using TattleTail.Cli.Terminal;
using TattleTail.Server.Configuration;

namespace TattleTail.Cli.Configuration;

/// <summary><c>tattletail config check|show|schema</c>.</summary>
internal static class ConfigCommand
{
    private static readonly Dictionary<string, string?> NoFlags = [];

    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var command = new Command("config", "Check and show the configuration: tattletail.json, over it TATTLETAIL_* variables, over those flags")
        {
            Sub("check", "Name everything that is wrong with the configuration", Check, console),
            Sub("show", "Print each setting, its value and where it came from; secrets are hidden", Show, console),
        };
        var schema = new Command("schema", "Print the JSON schema of tattletail.json, for editors");
        schema.SetAction(_ =>
        {
            console.Text.Write(ConfigSchema.Text());
            return ExitCode.Ok;
        });
        new Lesson([new("tattletail config schema > tattletail.schema.json", "refer to it with \"$schema\" in tattletail.json")]).For(schema, console.Width);
        command.Add(schema);
        new Lesson([
            new("tattletail config check --config /etc/tattletail/tattletail.json", "before restarting a service"),
            new("tattletail config show", "what a node started here would run with"),
        ], "docs/configuration.md describes every setting.").For(command, console.Width);
        return command;
    }

    /// <summary>Names every fault.</summary>
    public static int Check(string? file, CommandConsole console)
    {
        var result = Settings.Load(console, file, NoFlags);
        foreach (var fault in result.Faults)
        {
            console.Error.WriteLine($"tattletail: {fault}");
        }

        if (result.Config is null)
        {
            return ExitCode.Usage;
        }

        console.Text.WriteLine($"ok: {(result.File is null ? "no tattletail.json here, defaults and TATTLETAIL_* variables" : result.File)}");
        return ExitCode.Ok;
    }

    /// <summary>Prints the settings.</summary>
    public static int Show(string? file, CommandConsole console)
    {
        var config = Settings.Require(console, file, NoFlags);
        var table = new TextTable("setting", "value", "from");
        foreach (var setting in NodeSettings.All)
        {
            var value = setting.Show(config);
            table.Add(setting.Key, setting.IsSecret && value is not null ? "(hidden)" : value ?? "-", config.Origins.GetValueOrDefault(setting.Key, "default"));
        }

        table.Write(console.Text);
        return ExitCode.Ok;
    }

    private static Command Sub(string name, string description, Func<string?, CommandConsole, int> run, CommandConsole console)
    {
        var file = NodeOptions.Config();
        var command = new Command(name, description) { file };
        command.SetAction(parsed => run(parsed.GetValue(file), console));
        new Lesson([new($"tattletail config {name}", "of the file and the variables here")]).For(command, console.Width);
        return command;
    }
}
