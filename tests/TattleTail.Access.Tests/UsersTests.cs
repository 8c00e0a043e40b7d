using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using TattleTail.Tests;

namespace TattleTail.Access.Tests;

public sealed class UsersTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"tattletail-users-{Guid.NewGuid():N}.json");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("orders", "orders", true)]
    [InlineData("orders", "Orders", false)]
    [InlineData("orders", "orders.eu", false)]
    [InlineData("orders.*", "orders.eu", true)]
    [InlineData("orders.*", "ordersXeu", false)]
    [InlineData("*.eu", "orders.eu", true)]
    [InlineData("*", "anything", true)]
    [InlineData("a*b*c", "aXXbYYc", true)]
    [InlineData("a*b*c", "aXXbYY", false)]
    public void Pattern_MeansTheChannelsThatItNames(string pattern, string channel, bool expected) =>
        Assert.Equal(expected, ChannelPattern.Parse(pattern, out _)!.Matches(channel));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("(a|b)")]
    public void Pattern_OfOtherCharacters_IsRefused(string pattern)
    {
        Assert.Null(ChannelPattern.Parse(pattern, out string? fault));
        Assert.Contains($"'{pattern}'", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Principal_OfAUser_MayWhatItsPatternsSay()
    {
        Principal alice = Principal.Of(TestUser.Make("alice", "pw", ["orders.*"], ["orders.eu", "in"]));

        Assert.Equal((true, false, false), (alice.MayRead("orders.us"), alice.MayRead("in"), alice.MayRead("secret")));
        Assert.Equal((true, false), (alice.MayWrite("orders.eu"), alice.MayWrite("orders.us")));
        Assert.Equal((true, false), (alice.MaySee("in"), alice.MaySee("secret")));
        Assert.True(Principal.Anybody.MayRead("secret"));
    }

    [Fact]
    public void File_WrittenAndRead_IsTheSame_AndHoldsNoPassword()
    {
        string text = UsersFile.Write([TestUser.Make("bob", "hunter2", ["a", "b.*"], ["c"]), TestUser.Make("alice", "hunter3")]);

        IReadOnlyList<User> read = UsersFile.Read(Encoding.UTF8.GetBytes(text));

        Assert.Equal(["alice", "bob"], read.Select(u => u.Name));
        Assert.Equal(text, UsersFile.Write(read));
        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
        Assert.Equal("bob", new UserDirectory(read).Authenticate("bob", "hunter2")!.Name);
        Assert.Null(new UserDirectory(read).Authenticate("bob", "hunter3"));
        Assert.Null(new UserDirectory(read).Authenticate("nobody", "hunter3"));
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "no users file")]
    [InlineData("""{"format":2,"users":[]}""", "format 1")]
    [InlineData("""{"format":1}""", "no list 'users'")]
    [InlineData("""{"format":1,"users":[{"name":"a:b"}]}""", "'a:b' is no user's name")]
    [InlineData("""{"format":1,"users":[{"name":"a","verifiers":["plain"]}]}""", "user 'a' has a verifier that is none")]
    [InlineData("""{"format":1,"users":[{"name":"a","verifiers":[]}]}""", "set the password anew")]
    public void File_ThatIsWrong_SaysWhatAndWithWhom(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => UsersFile.Read(Encoding.UTF8.GetBytes(text))).Message, StringComparison.Ordinal);

    [Fact]
    public void Users_ChangedWhileTheyAreUsed_AreReadAgain_AndAWrongFileChangesNothing()
    {
        var clock = new HandClock();
        File.WriteAllText(_path, UsersFile.Write([TestUser.Make("alice", "one")]));
        var users = new LiveUsers(_path, clock, NullLogger.Instance);
        Assert.NotNull(users.Current.Authenticate("alice", "one"));

        File.WriteAllText(_path, UsersFile.Write([TestUser.Make("alice", "two"), TestUser.Make("bob", "x")]));
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((false, true, 2), (users.Current.Authenticate("alice", "one") is not null, users.Current.Authenticate("alice", "two") is not null, users.Current.All.Count));

        File.WriteAllText(_path, "{");
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, users.Current.All.Count);
        File.Delete(_path);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, users.Current.All.Count);
    }
}
