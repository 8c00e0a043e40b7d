using System.CommandLine;
using System.Text.RegularExpressions;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Tests.Help;

/// <summary>docs/cli.md has a section for each command, with the options that its help shows.</summary>
public sealed partial class CommandDocumentTests
{
    [Fact]
    public async Task Document_OfEveryCommand_NamesTheOptionsOfItsHelpAndNoOthers()
    {
        var documented = Sections(await File.ReadAllTextAsync(Repository.File("docs", "cli.md"), TestContext.Current.CancellationToken));
        var commands = Commands();

        Assert.Equal(commands.Order(), documented.Keys.Order());
        foreach (var command in commands)
        {
            var help = await InProcess.RunAsync([.. command.Split(' '), "--help"]);
            var shown = Options(help.Output);
            Assert.Contains("--help", shown);
            Assert.True(shown.SequenceEqual(Options(documented[command])), $"docs/cli.md, {command}: {string.Join(' ', Options(documented[command]))}\n--help: {string.Join(' ', shown)}");
        }
    }

    /// <summary>All commands by their words, those of groups too.</summary>
    private static List<string> Commands()
    {
        using var console = new CommandConsole(new MemoryStream(), new MemoryStream(), TextWriter.Null);
        return [.. CommandLine.Root(console).Subcommands.SelectMany(c => Words(c, ""))];

        static IEnumerable<string> Words(Command command, string before) =>
            [before + command.Name, .. command.Subcommands.SelectMany(c => Words(c, $"{before}{command.Name} "))];
    }

    private static Dictionary<string, string> Sections(string document) =>
        document.ReplaceLineEndings("\n").Split("\n## ").Skip(1).ToDictionary(s => s[..s.IndexOf('\n', StringComparison.Ordinal)].Trim());

    /// <summary>The names in the help's list of options, short ones too; not those that a sentence mentions.</summary>
    private static List<string> Options(string help)
    {
        var list = help.ReplaceLineEndings("\n").Split("Options:\n")[1].Split("\n\n")[0];
        return [.. list.Split('\n').Where(l => l.StartsWith("  -", StringComparison.Ordinal)).SelectMany(l => Names().Match(l).Value.Split(", ", StringSplitOptions.TrimEntries)).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"(?<=^  )-[^\s,]+(, -[^\s,]+)*")]
    private static partial Regex Names();
}
