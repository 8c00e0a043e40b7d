using System.Text;
using TattleTail.Access;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Users;

/// <summary>Where a new password comes from: TATTLETAIL_PASSWORD, the keyboard (twice, unseen), or the first line of standard input. Never a flag, which everybody could see.</summary>
internal static class NewPassword
{
    private const string Variable = "TATTLETAIL_PASSWORD";
    private const int MostCharacters = 1_000;

    /// <summary>What is kept of the password.</summary>
    public static IReadOnlyList<ScramVerifier> Ask(string user, CommandConsole console)
    {
        var password = console.Environment.GetValueOrDefault(Variable) ?? (console.InputIsTerminal ? AskTwice(user, console) : FirstLine(console));
        return password.Length is > 0 and <= MostCharacters
            ? ScramVerifier.CreateAll(password)
            : throw new CommandException(ExitCode.Usage, $"a password has 1 to {MostCharacters} characters");
    }

    private static string FirstLine(CommandConsole console)
    {
        using var reader = new StreamReader(console.Input, Encoding.UTF8, leaveOpen: true);
        return reader.ReadLine() ?? throw new CommandException(ExitCode.Usage, $"there is no password on standard input: pipe it in, or put it into {Variable}");
    }

    private static string AskTwice(string user, CommandConsole console)
    {
        var first = AskUnseen($"Password of {user}: ", console);
        return AskUnseen("Once more: ", console) == first ? first : throw new CommandException(ExitCode.Usage, "the two differ");
    }

    private static string AskUnseen(string prompt, CommandConsole console)
    {
        console.Error.Write(prompt);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                typed.Append(key.KeyChar);
            }
        }

        console.Error.WriteLine();
        return typed.ToString();
    }
}
