using System.CommandLine;
using TattleTail.Access;
using TattleTail.Cli.Configuration;
using TattleTail.Cli.Terminal;
using TattleTail.Platform;

namespace TattleTail.Cli.Users;

/// <summary>The users file of a command.</summary>
internal sealed class UserFile(string path)
{
    /// <summary>The options that name the file, and how they become one.</summary>
    public static (List<Option> Options, Func<ParseResult, CommandConsole, UserFile> Read) Declare()
    {
        var users = new Option<string?>("--users") { HelpName = "FILE", Description = "The file of the users [default: what the configuration says]" };
        var config = NodeOptions.Config();
        return ([users, config], (parsed, console) => new UserFile(
            Settings.Require(console, parsed.GetValue(config), new Dictionary<string, string?> { ["users"] = parsed.GetValue(users) }).Users
                ?? throw new CommandException(ExitCode.Usage, "no file of users is named: give --users FILE, or set 'users' in tattletail.json")));
    }

    /// <summary>The users.</summary>
    public IReadOnlyList<User> Read()
    {
        try
        {
            return UsersFile.Read(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException(ExitCode.Failed, $"the users in {path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>The users; none when there is no file yet.</summary>
    public IReadOnlyList<User> ReadOrNone() => File.Exists(path) ? Read() : [];

    /// <summary>A user, who must be there.</summary>
    public User Find(string name) => Find(Read(), name);

    private User Find(IReadOnlyList<User> users, string name) => users.FirstOrDefault(u => u.Name == name) ?? throw new CommandException(ExitCode.Failed, $"there is no user {name} in {path}: 'tattletail user list' shows who is");

    /// <summary>Changes one user, who must be there; null removes it.</summary>
    public void Change(string name, Func<User, User?> change)
    {
        var users = Read();
        var changed = change(Find(users, name));
        var others = users.Where(u => u.Name != name);
        Write([.. changed is null ? others : others.Append(changed)]);
    }

    /// <summary>Writes all users, in one step and for the owner's eyes only.</summary>
    public void Write(IReadOnlyList<User> users)
    {
        var temporary = path + ".new";
        try
        {
            PrivateFile.Write(temporary, UsersFile.Write(users), like: path);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Failed, $"the users could not be written to {path}: {e.Message}", e);
        }
    }
}
