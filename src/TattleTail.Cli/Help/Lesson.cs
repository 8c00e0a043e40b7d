using System.CommandLine;

namespace TattleTail.Cli.Help;

/// <summary>What a command's help teaches beyond its options.</summary>
/// <param name="Examples">Lines to paste, each with what it does.</param>
/// <param name="Notes">Sentences below the options; may be empty.</param>
internal sealed record Lesson(IReadOnlyList<Example> Examples, params string[] Notes)
{
    /// <summary>Gives the command a help that teaches this.</summary>
    public void For(Command command, int width)
    {
        var help = command.Options.OfType<System.CommandLine.Help.HelpOption>().SingleOrDefault();
        if (help is null)
        {
            help = new System.CommandLine.Help.HelpOption("--help", "-h", "-?");
            command.Options.Add(help);
        }

        help.Description = "Show this help";
        help.Action = new TeachingHelp(this, width);
    }
}

/// <summary>A line to paste and what it does.</summary>
internal sealed record Example(string Line, string Meaning);
