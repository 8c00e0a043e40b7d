namespace TattleTail.Cli;

/// <summary>How the user calls this program, for lines to paste.</summary>
internal static class Invocation
{
    /// <summary><c>./tattletail</c> when the script of the source tree in this folder started it, otherwise <c>tattletail</c>.</summary>
    public static string Name { get; } =
        Environment.GetEnvironmentVariable("TATTLETAIL_HOME") is { Length: > 0 } home && Path.TrimEndingDirectorySeparator(Path.GetFullPath(home)) == Environment.CurrentDirectory ? "./tattletail" : "tattletail";
}
