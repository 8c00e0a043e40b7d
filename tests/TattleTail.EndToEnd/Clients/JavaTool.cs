using System.Diagnostics;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Runs the command line tools of Apache Kafka: the real Java clients.</summary>
internal static class JavaTool
{
    private const string LibrariesVariable = "KAFKA_LIBS";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Skips the test where the tools can't be run.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(LibrariesVariable) is { Length: > 0 } folder && Directory.Exists(folder),
        $"needs Java and Apache Kafka's jars: unpack a release from kafka.apache.org and set {LibrariesVariable} to its libs folder");

    /// <summary>Runs a tool that must end well against a node, and gives what it printed.</summary>
    public static async Task<string> RunAsync(SpewTestNode node, string mainClass, params string[] arguments)
    {
        (int exitCode, string output) = await RunAsync(mainClass, "", ["--bootstrap-server", node.Bootstrap, .. arguments]);
        Assert.True(exitCode == 0, $"{mainClass} ended with {exitCode}: {output}");
        return output;
    }

    /// <summary>Runs a tool's main class, of Kafka's tools when it has no package, and gives what it printed, errors included.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string mainClass, string input, params string[] arguments)
    {
        string libraries = Path.Combine(Environment.GetEnvironmentVariable(LibrariesVariable)!, "*");
        var start = new ProcessStartInfo("java", ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", libraries, ClassOf(mainClass), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static string ClassOf(string tool) => tool.StartsWith("kafka.", StringComparison.Ordinal) ? tool : "org.apache.kafka.tools." + tool;
}
