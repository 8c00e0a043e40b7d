using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace TattleTail.Cli.Help;

/// <summary>The library's own help, then examples, notes and the exit codes.</summary>
internal sealed class TeachingHelp(Lesson lesson, int width) : SynchronousCommandLineAction
{
    /// <inheritdoc />
    public override bool ClearsParseErrors => true;

    /// <inheritdoc />
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        new HelpAction { MaxWidth = width }.Invoke(parseResult);
        if (lesson.Examples.Count > 0)
        {
            output.WriteLine("Examples:");
            foreach (var example in lesson.Examples)
            {
                output.WriteLine($"  {example.Line}");
                output.WriteLine($"      {example.Meaning}");
            }

            output.WriteLine();
        }

        foreach (var note in lesson.Notes)
        {
            output.WriteLine(note);
        }

        if (lesson.Notes.Length > 0)
        {
            output.WriteLine();
        }

        output.WriteLine("Exit codes:");
        output.WriteLine("  0 ok, 1 failed, 2 usage or configuration, 3 faults found, 4 node unreachable, 130 interrupted");
        return ExitCode.Ok;
    }
}
