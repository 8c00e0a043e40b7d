using System.CommandLine;
using Microsoft.Extensions.Logging;
using TattleTail.Cli.Configuration;
using TattleTail.Cli.Help;
using TattleTail.Cli.Nodes;
using TattleTail.Cli.Terminal;
using TattleTail.Server.Configuration;
using TattleTail.Server.Hosting;
using TattleTail.Server.Sample;

namespace TattleTail.Cli.Up;

/// <summary><c>tattletail up</c>.</summary>
internal static class UpCommand
{
    /// <summary>Settings that have a flag here, by key, with what the flag takes.</summary>
    private static readonly (string Key, string Takes)[] Offered =
        [("data", "FOLDER"), ("kafka", "HOST:PORT"), ("http", "HOST:PORT"), ("kafkaAdvertise", "HOST:PORT"), ("users", "FILE"), ("tlsCertificate", "FILE"), ("tlsKey", "FILE"), ("archive", "FOLDER"), ("sealAge", "SPAN"), ("logFormat", "FORMAT"), ("logLevel", "LEVEL")];

    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var command = new Command("up", "Run a node: the embedded broker, the journal and the archive, until Ctrl-C");
        var options = new Dictionary<string, Option<string?>>();
        foreach (var (key, takes) in Offered)
        {
            var setting = NodeSettings.All.Single(s => s.Key == key);
            options[key] = new Option<string?>(setting.Flag!) { HelpName = takes, Description = setting.Description };
            command.Add(options[key]);
        }

        var insecure = new Option<bool>("--insecure") { Description = NodeSettings.All.Single(s => s.Key == "insecure").Description };
        var sample = new Option<bool>("--sample") { Description = "Also publish 329 bundled GitHub events, seal them and read them back; a folder that has them does not get them twice" };
        var file = NodeOptions.Config();
        command.Add(insecure);
        command.Add(file);
        command.Add(sample);
        command.SetAction((parsed, cancel) =>
        {
            var flags = options.ToDictionary(option => option.Key, option => parsed.GetValue(option.Value));
            flags["insecure"] = parsed.GetValue(insecure) ? "true" : null;
            return RunAsync(Settings.Require(console, parsed.GetValue(file), flags), parsed.GetValue(sample), console, cancel);
        });
        new Lesson(
            [
                new("tattletail up --sample", "a node in ./tattletail-data, with events to look at"),
                new("tattletail up --data /var/lib/tattletail --kafka 127.0.0.1:9093", "elsewhere, on another port"),
                new("tattletail up --kafka 0.0.0.0:9092 --kafka-advertise recorder:9092 --users users.json", "reachable from other machines, by who has a password"),
            ],
            "Other settings: tattletail.json and TATTLETAIL_* variables (docs/configuration.md; 'tattletail config show').",
            "On a terminal it logs warnings and errors, otherwise information too (--log-level says otherwise).",
            "Ctrl-C or SIGTERM stops cleanly, with exit code 0; a second one ends the process at once. kill -9 loses nothing that was acknowledged.").For(command, console.Width);
        return command;
    }

    /// <summary>Runs a node until it is asked to stop.</summary>
    public static async Task<int> RunAsync(NodeConfig config, bool sample, CommandConsole console, CancellationToken stop)
    {
        Node node;
        try
        {
            node = await Node.StartAsync(Quieted(config, console), new NodePorts { LogOutput = console.Error }, stop);
        }
        catch (StartException fault)
        {
            throw StartFaults.Describe(fault);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Ok;
        }

        await using (node)
        {
            try
            {
                return await RunAsync(node, sample, console, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return ExitCode.Ok;
            }
        }
    }

    private static async Task<int> RunAsync(Node node, bool sample, CommandConsole console, CancellationToken stop)
    {
        Greet(node, console.Text);
        var code = ExitCode.Ok;
        if (sample)
        {
            code = await SampleAsync(node, console, stop);
        }

        Teach(node, sample, console.Text);
        await Task.WhenAny(node.Completion, Task.Delay(Timeout.Infinite, stop));
        return code;
    }

    /// <summary>On a terminal the screen of <c>up</c> says what a person wants to know; the lines that a service logs would push it away. What is configured holds.</summary>
    private static NodeConfig Quieted(NodeConfig config, CommandConsole console) =>
        console.ErrorIsTerminal && !config.Origins.ContainsKey("logLevel") ? config with { LogLevel = LogLevel.Warning } : config;

    private static void Greet(Node node, TextWriter output)
    {
        output.WriteLine($"TattleTail {ProductVersion.Short}");
        output.WriteLine($"data   {node.DataFolder.Path}");
        output.WriteLine($"kafka  {node.KafkaAddress}");
        output.WriteLine($"http   {node.HttpAddress}");
    }

    private static async Task<int> SampleAsync(Node node, CommandConsole console, CancellationToken stop)
    {
        SampleReport report;
        try
        {
            report = await SamplePublisher.RunAsync(node, cancel: stop);
        }
        catch (StartException fault)
        {
            throw StartFaults.Describe(fault);
        }
        catch (HttpRequestException fault)
        {
            throw new CommandException(ExitCode.Failed, $"the sample could not be published ({fault.Message})", fault);
        }

        console.Text.WriteLine(report.Published == 0
            ? $"the sample's {Wording.Count(report.Events, "event")} in {Wording.Count(report.Channels, "channel")} are there already"
            : $"published {Wording.Count(report.Published, "event")} to {Wording.Count(report.Channels, "channel")}");
        console.Text.WriteLine($"sealed {Wording.Count(report.SealedFiles, "file")}, {Wording.Bytes(report.SealedBytes)}");
        console.Text.WriteLine($"read back {report.ReadBack} of {report.Events}{(report.Differences.Count == 0 ? ", byte for byte" : "")}");
        foreach (var difference in report.Differences)
        {
            console.Error.WriteLine($"tattletail: {difference}");
        }

        return report.Differences.Count == 0 ? ExitCode.Ok : ExitCode.FaultsFound;
    }

    private static void Teach(Node node, bool sample, TextWriter output)
    {
        var command = Invocation.Name;
        var folder = node.DataFolder.Path == Path.GetFullPath("tattletail-data") ? "" : $" --data {Quoted(node.DataFolder.Path)}";
        output.WriteLine("Try, in another terminal:");
        output.WriteLine($"  {command} channels{folder}");
        output.WriteLine(sample ? $"  {command} read github.issues --format text --limit 5{folder}" : $"  echo hello | {command} publish greetings --raw{folder}");
        output.WriteLine(sample ? $"  {command} archive verify{folder}" : $"  {command} read greetings --follow{folder}");
        output.WriteLine("Ctrl-C stops");
    }

    private static string Quoted(string path) => path.Any(c => !(char.IsAsciiLetterOrDigit(c) || c is '/' or '\\' or '.' or '-' or '_' or ':')) ? $"'{path}'" : path;
}
