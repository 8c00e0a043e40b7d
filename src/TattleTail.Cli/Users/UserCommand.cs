using System.CommandLine;
using System.Text.Json;
using TattleTail.Access;
using TattleTail.Cli.Help;
using TattleTail.Cli.Terminal;

namespace TattleTail.Cli.Users;

/// <summary><c>tattletail user list|add|grant|password|remove</c>: the users of a node, in a file that it reads again when it changes.</summary>
internal static class UserCommand
{
    /// <summary>The declaration.</summary>
    public static Command Declare(CommandConsole console)
    {
        var command = new Command("user", "Say who may log in to a node, and which channels each may read and write");
        command.Add(List(console));
        command.Add(Granting("add", "Add a user; asks for the password, or takes it from TATTLETAIL_PASSWORD or standard input", console, Add));
        command.Add(Granting("grant", "Give a user other rights, these and no more", console, Grant));
        command.Add(Named("password", "Give a user another password; asks for it, or takes it from TATTLETAIL_PASSWORD or standard input", console, Password));
        command.Add(Named("remove", "Remove a user", console, Remove));
        new Lesson(
            [
                new("tattletail user add billing --read 'orders.*' --users users.json", "may read the channels that begin with orders."),
                new("tattletail user add shop --write 'orders.*' --write carts --users users.json", "may publish, and make and delete those channels"),
                new("tattletail up --users users.json", "a node that asks for a password"),
            ],
            "A pattern is a channel's name, with * for any characters. A running node takes changes within a second; who is connected keeps what it had.").For(command, console.Width);
        return command;
    }

    private static Command List(CommandConsole console)
    {
        var asJson = NodeOptions.Json();
        var (options, file) = UserFile.Declare();
        var command = new Command("list", "List the users and their rights") { asJson };
        options.ForEach(command.Add);
        command.SetAction(parsed =>
        {
            var users = file(parsed, console).Read();
            if (parsed.GetValue(asJson))
            {
                foreach (var user in users)
                {
                    console.Text.WriteLine(JsonSerializer.Serialize(new { name = user.Name, read = user.Read.Select(p => p.Text), write = user.Write.Select(p => p.Text) }));
                }

                return ExitCode.Ok;
            }

            var table = new TextTable("user", "reads", "writes");
            foreach (var user in users)
            {
                table.Add(user.Name, Join(user.Read), Join(user.Write));
            }

            table.Write(console.Text);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Granting(string name, string description, CommandConsole console, Action<UserFile, string, User, CommandConsole> act)
    {
        var user = new Argument<string>("NAME") { Description = "The user" };
        var read = new Option<string[]>("--read") { HelpName = "PATTERN", Description = "Channels that may be read; may be given more than once", DefaultValueFactory = _ => [] };
        var write = new Option<string[]>("--write") { HelpName = "PATTERN", Description = "Channels that may be written, created, changed and deleted; may be given more than once", DefaultValueFactory = _ => [] };
        var (options, file) = UserFile.Declare();
        var command = new Command(name, description) { user, read, write };
        options.ForEach(command.Add);
        command.SetAction(parsed =>
        {
            var rights = new User(Name(parsed.GetValue(user)!), Patterns(parsed.GetValue(read)!), Patterns(parsed.GetValue(write)!), []);
            act(file(parsed, console), rights.Name, rights, console);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Named(string name, string description, CommandConsole console, Action<UserFile, string, CommandConsole> act)
    {
        var user = new Argument<string>("NAME") { Description = "The user" };
        var (options, file) = UserFile.Declare();
        var command = new Command(name, description) { user };
        options.ForEach(command.Add);
        command.SetAction(parsed =>
        {
            act(file(parsed, console), Name(parsed.GetValue(user)!), console);
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Add(UserFile file, string name, User rights, CommandConsole console)
    {
        var users = file.ReadOrNone();
        if (users.Any(u => u.Name == name))
        {
            throw new CommandException(ExitCode.Failed, $"there is a user {name} already: 'tattletail user grant' gives other rights, 'tattletail user password' another password");
        }

        file.Write([.. users, rights with { Verifiers = NewPassword.Ask(name, console) }]);
        console.Error.WriteLine($"added {name}: reads {Join(rights.Read)}, writes {Join(rights.Write)}");
    }

    private static void Grant(UserFile file, string name, User rights, CommandConsole console)
    {
        file.Change(name, user => user with { Read = rights.Read, Write = rights.Write });
        console.Error.WriteLine($"{name} reads {Join(rights.Read)}, writes {Join(rights.Write)}");
    }

    private static void Password(UserFile file, string name, CommandConsole console)
    {
        file.Find(name);
        var verifiers = NewPassword.Ask(name, console);
        file.Change(name, user => user with { Verifiers = verifiers });
        console.Error.WriteLine($"{name} has another password");
    }

    private static void Remove(UserFile file, string name, CommandConsole console)
    {
        file.Change(name, _ => null);
        console.Error.WriteLine($"removed {name}");
    }

    private static string Name(string name) => User.NameFault(name) is { } fault ? throw new CommandException(ExitCode.Usage, fault) : name;

    private static List<ChannelPattern> Patterns(string[] texts) =>
        [.. texts.Select(text => ChannelPattern.Parse(text, out var fault) ?? throw new CommandException(ExitCode.Usage, fault!))];

    private static string Join(IReadOnlyList<ChannelPattern> patterns) => patterns.Count == 0 ? "nothing" : string.Join(' ', patterns.Select(p => p.Text));
}
