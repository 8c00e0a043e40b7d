using System.Diagnostics;
using TattleTail.Spew.Tests;

namespace TattleTail.EndToEnd.Clients;

/// <summary>Runs the command line tools of Apache Kafka: the real Java clients.</summary>
internal static class JavaTool
{
    private const string LibrariesVariable = "KAFKA_LIBS";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private static string Libraries => Environment.GetEnvironmentVariable(LibrariesVariable)!;

    /// <summary>Skips the test where the tools can't be run.</summary>
    public static void SkipUnlessThere() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable(LibrariesVariable) is { Length: > 0 } folder && Directory.Exists(folder),
        $"needs Java and Apache Kafka's jars: unpack a release from kafka.apache.org and set {LibrariesVariable} to its libs folder");

    /// <summary>Skips the test where a program that needs one more jar, and the compiler when it comes as source, can't be run.</summary>
    public static void SkipUnlessThere(string jar, bool compiles = false)
    {
        SkipUnlessThere();
        Assert.SkipUnless(Directory.EnumerateFiles(Libraries, jar + "-*.jar").Any(), $"needs {jar}, which a release from kafka.apache.org has in its libs folder: set {LibrariesVariable} to it");
        Assert.SkipUnless(!compiles || IsOnPath("javac"), "needs javac: install a JDK, 17 or newer");
    }

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
        using Process process = Process.Start(Start([ClassOf(mainClass), .. arguments]))!;
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

    /// <summary>How Java is started with Kafka's libraries and small.</summary>
    public static ProcessStartInfo Start(params string[] arguments) =>
        new("java", ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", Path.Combine(Libraries, "*"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

    private static bool IsOnPath(string program) =>
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string ClassOf(string tool) => tool.StartsWith("kafka.", StringComparison.Ordinal) ? tool : "org.apache.kafka.tools." + tool;
}
